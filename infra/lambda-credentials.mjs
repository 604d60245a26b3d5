// What the bundles use in place of @aws-sdk/credential-provider-node. Lambda always hands a function its role's
// credentials in the environment (AWS documentation: "Defined runtime environment variables"), so the SDK's search
// through profiles, SSO, web identity and instance metadata, 120 KB of it, can never be reached.
import { fromEnv } from '@aws-sdk/credential-provider-env';

export const defaultProvider = () => fromEnv();

import { readServices, servicesFile, type LocalServices } from '../../local/services-file.ts';
import { isLoopbackUrl } from '../legacy-endpoint/base-url.ts';

/** The address where `npm start` listens with the same `PORT`. */
export function localUrl({ PORT = '' }: NodeJS.ProcessEnv): string {
  return `http://localhost:${/^[1-9]\d{0,4}$/.test(PORT) ? PORT : '3000'}`;
}

/** Reads the services file of the stack at this address. Returns undefined unless its services are on this computer. */
export async function localServices(
  url: string,
  { readFile }: { readonly readFile: (path: string) => Promise<string> },
): Promise<LocalServices | undefined> {
  const text = await readFile(servicesFile(Number(new URL(url).port || 80))).catch(() => undefined);
  const services = text === undefined ? undefined : readServices(text);
  if (services === undefined) return undefined;
  const { dynamoDbUrl, secretsManagerUrl, s3Url, sqsUrl, outboxQueueUrl, outboxDeadLettersUrl } = services;
  const urls = [dynamoDbUrl, secretsManagerUrl, s3Url, sqsUrl, outboxQueueUrl, outboxDeadLettersUrl];
  return urls.every((each) => isLoopbackUrl(each)) ? services : undefined;
}

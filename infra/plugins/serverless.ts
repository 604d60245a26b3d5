import type { Value } from '../cloudformation.ts';

/** Types of the Serverless CLI's interface that the plugin uses; the CLI ships none. */
export interface Serverless {
  readonly serviceDir: string;
  readonly processedInput: { readonly commands: readonly string[] };
  readonly classes: { readonly Error: new (message: string) => Error };
  readonly service: {
    readonly provider: {
      readonly compiledCloudFormationTemplate: { readonly Resources: Record<string, CompiledResource> };
    };
  };
  getProvider(name: 'aws'): { getStage(): string };
}

export interface CompiledResource {
  readonly Type: string;
  readonly Properties: Record<string, Value>;
  DependsOn?: readonly string[];
}

export interface PluginTools {
  readonly log: Log;
}

export interface Log {
  info(text: string): void;
  warning(text: string): void;
}

/** Hooks by event of the CLI. */
export type Hooks = Readonly<Record<string, () => unknown>>;

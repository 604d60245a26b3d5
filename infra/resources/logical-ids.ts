/** `refresh-token` -> `RefreshToken`. */
export const pascal = (name: string): string =>
  name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());

/** The prefix of the CLI's logical ids for a function: `refresh-token` -> `RefreshDashtoken`. */
const cliName = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', 'Dash')}`;

export const lambdaId = (name: string): string => `${cliName(name)}LambdaFunction`;
export const logGroupId = (name: string): string => `${cliName(name)}LogGroup`;
export const roleId = (name: string): string => `${pascal(name)}Role`;

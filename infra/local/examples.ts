export interface ExampleValues {
  readonly baseUrl: string;
  readonly username: string;
  readonly extension: string;
  readonly password: string;
  readonly to: string;
  readonly from: string;
}

/** A command with its line to paste into a shell. */
export interface Example {
  readonly command: 'list' | 'call' | 'status' | 'cancel' | 'fax';
  readonly line: string;
}

/** A shell's syntax to store an answer, print it and take its second word. */
interface Shell {
  readonly curl: string;
  readonly keep: (command: string) => string;
  readonly sessionId: string;
}

const shells: Readonly<Record<'sh' | 'powershell', Shell>> = {
  sh: {
    curl: 'curl',
    keep: (command) => `CALL=$(${command}); echo "$CALL"`,
    sessionId: `$(echo "$CALL" | cut -d' ' -f2)`,
  },
  // In Windows PowerShell, `curl` without .exe is another command.
  powershell: {
    curl: 'curl.exe',
    keep: (command) => `$CALL = ${command}; $CALL`,
    sessionId: "$($CALL.Split(' ')[1])",
  },
};

/**
 * Returns one curl line per command. The line for `call` stores the answer in a shell variable. The lines for `status`
 * and `cancel` take the session id from it, so all lines work when pasted.
 */
export function examples(
  { baseUrl, username, extension, password, to, from }: ExampleValues,
  shell: keyof typeof shells = 'sh',
): readonly Example[] {
  const { curl, keep, sessionId } = shells[shell];
  const credentials = `Username=${username}&Ext=${extension}&Password=${password}`;
  const ringOut = `${baseUrl}/ringout.asp?cmd`;
  const session = `SessionID=${sessionId}`;
  const account = extension === '' ? username : `${username}*${extension}`;
  return [
    { command: 'list', line: `${curl} "${ringOut}=list&${credentials}"` },
    { command: 'call', line: keep(`${curl} -s "${ringOut}=call&${credentials}&To=${to}&From=${from}&Prompt=1"`) },
    { command: 'status', line: `${curl} "${ringOut}=status&${session}"` },
    { command: 'cancel', line: `${curl} "${ringOut}=cancel&${session}"` },
    {
      command: 'fax',
      line: [
        `${curl} -F 'Username=${account}' -F 'Password=${password}' -F 'Recipient=${to}|Demo Recipient'`,
        `-F 'Coverpage=None' -F 'Attachment=@README.md;type=text/plain' ${baseUrl}/faxapi.asp`,
      ].join(' '),
    },
  ];
}

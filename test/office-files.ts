import { inflateRawSync } from 'node:zlib';

/** A compound file from another program, deflated and in base64, because most of it is NULs. */
const written = (deflated: string): Buffer => inflateRawSync(Buffer.from(deflated, 'base64'));

/**
 * Compound files (MS-CFB) by their content. SheetJS wrote the workbooks. The others have the streams of their kind, and
 * its library cfb wrote them.
 */
export const compoundFiles = {
  word: written(
    '7ZUxDgFBFIa/2UVCISgUKldA0EkkNEok6sUmCmwiq3AcR3ASjsBBGMGMbFQ7uxqxX/IXb5KXLy9vMnM6Fs/7Q+XCBx1sbjJLJnAmAEsXhVf9yE1KqY9lwk9xlVI+9merPSZJkuR/MsTDw6dKnzU+G3aYUCYt9FsiQvak9GcC9HDwcYhKDuvpt9TfE77vRY0xDlOWuJH8eeW3Dfwi4BeMWNCggc+AprG/pPwpA7+ldwBM8Ngwp4fHjC0r3Oc9CEtF+TVheuzA/N/A1P9tftnffRPNHbe/XW/V48we1//v3AE=',
  ),
  excel: written(
    '7ZY9TxRRFIafOzuzOzvAMrtYIIUx05BoYWSD0vAhsSAkEsMUNCbCxsgYIGsWGjsC2mniD7CxtFIbTYzF+gOMhtIK/AWYUMKOuWdmyLA2ixiSjfMm52Tm3XvPObPn497v38q7r98P7dGGCXK0wiL5FKcAI3lxo3ctrTAMEzrM0FU4CsOwFYsJWHE+M/l/RPd0Dkjyr3u+ANhAEXCAHqAX6ANKQH80Aihn9dLVMs/ZYGKpZJaoDvfoWts0kzPFJ6BKlQ1mGT21/wqG+Dfis6fzuCMsUKfBCjXq1Fn5a/8JOtmj/6dBk3+G0/pP4+bIjZGz+C7aLuQtao2vhWJTkS/AHgbvzC9yV/gJ3OOxnid+UK1uzPqcC6YlhiWlY2gqGFcGilcYlLkokVVED4h+K+s+ix6nIhYWG83bY3G+DtSUrHsh2hNdQlv8KHt+CHOdIfZlx8u4FSx1iwaPWGKVS+YoYwyiPJy5Gf8aPXMz/mU8AgI8ph96rLGGR37eY511PHae6N93uSDGDtqSm/Hny7djUVL/DIfhnJSJ8nmOiUJxKIdnBOe4TdwTbdInBdSLwQP65bksZeRic/jm186d2t3J+8JfEf6q6C1hNlP2t4V/Gl3NjdLxiIl0LmbcePX+5IRR4YPc66dSX/NJWTpyn2V7gGU7Pa3FWGAPE9gnh7i4MP+Yqw4ZugW/AQ==',
  ),
  excel95: written(
    '7ZaxThtBEIa/Xfvw2XGIbShIkJC1ZVKg2MLQEBtEZQkRcW2kSywKR4mFZHiAKECJxAPQUFKmTYN5gIgoJaJwIh4AJJfEh298l1hUdpIm2L80o93/dndOOzM78/Us3Tz69OQ7d/CCCG0vzlgPpwAdTlLduS9tz/NC2hvhv8JPz/PagUQDX45keCTM6Qjg+98CyfkYYANxIAE8GMXGvZR1/g5RLBW+JarPPX6slSLd8TKbbPLuj+0n0GJfB7Wn330XOqxpDlXy5NmmzNzA9jOB/RD97EkGufavMKj9XsRtGyyLSv1LzG8CTuU1OOl4qAH86NzUKwrEnGo+v112sgNhGc1ldFFpFIdo0jyW0zOiJ0QvkpH/eF1vrCwEHmmpknzbF21Ej+Ofci7j50xyJWsPgpCzlupv37yfiU6zwJRx3VnXzZpq1bimVjOu2doybtY0/Z4FaPVc0ogbnOvFHjZrkkrKSfwKp5SE00NxWbITBBs8knFa3JfC5ub4+ttq5WXRFf6p8M9EfxTmgxSfLnaE3+22njrB78YzosfDXlRwVfysLBTKkZrVD+ZzhRxDjFs=',
  ),
  powerPoint: written(
    '7ZUxCsJAEEVfEhW0UguLVJbWEbUTRG2sRPEEEtBCAzEiHscjeANvoEfQg5iVxE0QQUhIIeI++OzMwPBnt9i5nCvXw9G88UYXA18UKbzUNECPkvIzD+QLIaKyUPwUdyGEr6Sk9Jea4ODgUWfIGg+XPWmokdeiv0RL2GMAp3inTFnQpInHiBZpqaKH/rrcPUn7cvLss8XFxQ5vX2fGBhs3sb8p/Y0U/sE7lWQ8xmEXOgbRUk4xwGHOlpWc6zMN6R+RxF9/8e9YbYsM9GK+06/IxgM=',
  ),
  visio: written(
    'u3Be8MHCjVIPGdCAHQMzw7//nAxsSGKMDAwMTDCOAIQPwv/+//8PE/4/CoYU+Pv///9/o3gUj+IRiYMY8hnyGUoYFBhcGfIYShiKGCoZSAFiDKyMsLKEkUg9zECiAV6nBDNkMBgzGDOUMHgxmDKQCoQYmMD2M0HrHmL1sUDpMIZMhmKGTIZ8BheGfIZkhlKGXIZUcEgQB2Sg9sMAMXpA4cTFQD1Aqv3IwNzIzIgSux3hgGEUDEEAAA==',
  ),
  publisher: written(
    'u3Be8MHCjVIPGdCAHQMzw7//nAxsSGKMDAwMTDCOAIQPwv/+//8PE/4/CoYU+Pv//39Q/DFD43EUj+JRPHJwEEM+Qz5DCYMCgytDHkMJQxFDJQMpQIyBlRFWljASqYeFgYHhAJQdyFDKkMmQw5DDQB7gYWAE28+CXDeRABD2BzOUMiSRrF8Iav9/aBlKKnBm8GfwYwhhcAWTwWTYz8SIXJ4Tq48LXqcHM2QwGDMYM5QweDGYkm0/K7TuJ0YPIzQNQPyfD053qWCymC7+Z0LyPzUAOeHPMEjsd4QD8uw2NzIzosTtlNo/CigDAA==',
  ),
  works: written(
    'u3Be8MHCjVIPGdCAHQMzw7//nAxsSGKMDAwMTDCOAIQPwv/+//8PE/4/CoYU+Pv///9/o3gUj+IRiYMY8hnyGUoYFBhcGfIYShiKGCoZSAFiDKyMsLKEkUg9zECiAcr2ZUhkKGHwZwhmCGEgB/AxMIHtZ4LWPcTq44LXacEMGQzGDMYMJQxeDKYk2y8EtR8GiNEDCicWBuoBUu1HBo5wQJ7d5kZmRgyjYMgCAA==',
  ),
  wordWithWorkbook: written(
    '7ZVNSsNAHEff5Ks2C1EXLrryCm1Rd0KlbtwoKriUpAbEVgMlLjyOR/AG3kCPoAexUxInMrrKTAJSzIMfYYb8ecl8vr1uvj899z74xQEuC9kl0PoE4JSNja92noWUsuyWLSvFp5Qynz8X8NRctmnT5n/kjJSUjB2OuCdjziMmbOOL8iwRFWt84EW9PKIeHk7hd9TdU7UuVM/DhvyugV9o/jERGZG1P1R+z8DvaP4+F0TEzEis/OvK7xv4Xc0vOOeGIUMyjtk19m8pf2Dg91RyToi5JWFCxmmxF2aG618U/i7QsRi/K/q11l+g/DlrFvWXpMyZEhf/PrUe/5Kq+z/84b9mTMqEB+5IinOoKj0Lf6D5m8DU3zR1/KNv7NyrXr8/2BvUGfu//v66LAE=',
  ),
  workbookWithWord: written(
    '7ZXNSsNAFIW/SdKCLkp04SIrH8GktN0JlboRuqmCa/sDQtoGQrrwcXwEn0QfQR/EjnQ6U0JXmSQbab7hMMzA5XC4w9yvz4vv94/ghyNucdnKM9q5OwE45uDvzzttpZTmWjb8K36llLv+ubqPjRo1Oh1NSEjIuOaeNRkpb9hwRUuYv0QUrPHMMAHG3DHiRq0Qe3yE8vfys8mCkCdemLJkQRk6OMrf1bOvaN253p9JSJkzImHGhhUL1YeiBNrfUKRG5PwFj7zSpUvGAz3r/Jfav2WR3zFv4JA/ZqreYVza3ya/m8tfB7b+dVPFf3ignHfV+kHUj6pkr+p/6vwB',
  ),
  unknown: written(
    'u3Be8MHCjVIPGdCAHQMzw7//nAxsSGKMDAwMTDCOAIQPwv/+//8PE/4/CoYU+Pv///9/o3gUj+IRiYMY8hnyGUoYFBhcGfIYShiKGCoZSAFiDKyMsLKEkUg9zECiAV6nBDNkMBgzGDOUMHgxmDKQCoQYmMD2M0HrHmL1sUBpZ4Z8sL9TwWQx2fbDADF6QOHExUA9QKr9yMDcyMyIErsd4YBhFAxBAAA=',
  ),
} as const;

/** A zip of empty files with the given names. */
export function zipOf(...names: readonly string[]): Buffer {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let size = 0;
  for (const name of names) {
    const file = Buffer.alloc(30);
    file.writeUInt32LE(0x04034b50, 0);
    file.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(size, 42);
    files.push(file, Buffer.from(name));
    list.push(entry, Buffer.from(name));
    size += file.length + name.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(size, 16);
  return Buffer.concat([...files, ...list, end]);
}

/** The first file in every zip of new Office programs. */
const contentTypes = '[Content_Types].xml';

/** Files of new Office programs, by extension. */
export const officeZips = {
  docx: zipOf(contentTypes, '_rels/.rels', 'word/document.xml'),
  xlsx: zipOf(contentTypes, '_rels/.rels', 'xl/workbook.xml'),
  xlsb: zipOf(contentTypes, '_rels/.rels', 'xl/workbook.bin'),
  pptx: zipOf('ppt/presentation.xml', contentTypes, '_rels/.rels'),
} as const;

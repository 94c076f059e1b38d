import { dispatch } from './dispatch.ts';

const exitCode = await dispatch(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
// What a command left behind, such as the last retransmissions of a phone, is not waited for.
process.exit(exitCode);

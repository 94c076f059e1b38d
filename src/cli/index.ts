import { dispatch } from './dispatch.ts';

const streams = [process.stdout, process.stderr];
// Whoever reads may have enough before the end, as `head` has.
for (const stream of streams) stream.on('error', () => undefined);

const exitCode = await dispatch(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
// A pipe takes what is longer than itself bit by bit, and exit() would not wait for it.
await Promise.all(streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
// What a command left behind, such as the last retransmissions of a phone, is not waited for.
process.exit(exitCode);

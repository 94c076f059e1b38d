import { spawnSync } from 'node:child_process';

/** The Debian packages the tests talk to: real phones, attackers, speech, a PostgreSQL of
 * the distribution, another operator's proxy, a media relay, a name server, certificates and a reader of PDF. */
const PACKAGES = [
  'baresip-core',
  'linphone-cli',
  'sip-tester',
  'sipsak',
  'sipvicious',
  'sox',
  'espeak-ng',
  'postgresql',
  'kamailio',
  'kamailio-tls-modules',
  'rtpengine-daemon',
  'knot',
  'openssl',
  'poppler-utils',
];

// RUNLEVEL=1 keeps the daemons of the packages from being started.
const ENVIRONMENT = { ...process.env, RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' };

/** Installs the packages the tests need where this is Debian and we are root; otherwise says what is missing. */
export function ensureDebianPackages() {
  const missing = PACKAGES.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    console.log(`Not installed: ${missing.join(', ')}. The tests that need them are skipped.`);
    console.log(`To run them too: sudo ${command}`);
    return;
  }
  console.log(`Installing the Debian packages the tests need: ${missing.join(', ')} …`);
  const done = run('apt-get', ['update', '-qq']) && run('apt-get', ['-qq', ...command.split(' ').slice(1)]);
  if (!done) console.log('apt-get failed; the tests that need these packages are skipped (in CI they fail).');
}

function isInstalled(name) {
  const { status, stdout } = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' });
  return status === 0 && stdout.includes('\nStatus: install ok installed\n');
}

function run(command, args) {
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: ENVIRONMENT }).status === 0;
}

// Runs every check against a sandbox it starts: node run.js PYTHON FOLDER
'use strict';

const net = require('node:net');
const { Workspace } = require('./workspace');

const LONGEST = 60_000;

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function withDeadline(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('took more than a minute')), LONGEST);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function main([python, folder]) {
  const port = await freePort();
  const workspace = await Workspace.start(python, folder, port);
  const counts = { passed: 0, failed: 0 };
  for (const name of ['web_api', 'socket_mode', 'bolt']) {
    const checks = require(`./${name}`)(workspace, port);
    for (const [sentence, check] of Object.entries(checks)) {
      try {
        await withDeadline(check());
        counts.passed += 1;
        console.log(`passed  ${name}: ${sentence}`);
      } catch (problem) {
        counts.failed += 1;
        console.log(`FAILED  ${name}: ${sentence}\n        ${String(problem.stack).replaceAll('\n', '\n        ')}`);
      }
    }
  }
  await workspace.stop();
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  // Not a return: a client that kept a timer must not keep the run alive.
  process.exit(counts.failed === 0 ? 0 : 1);
}

main(process.argv.slice(2)).catch((problem) => {
  console.error(problem);
  process.exit(1);
});

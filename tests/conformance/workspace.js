// A sandbox of its own for one run, and the hands of the people in it.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const PEOPLE = { anna: 'U0ANNA', ben: 'U0BEN' };
const GENERAL = 'C0GENERAL';

function manifest(name, commands, events) {
  return {
    display_information: { name },
    features: {
      bot_user: { display_name: name },
      app_home: { home_tab_enabled: true, messages_tab_enabled: true },
      slash_commands: commands.map((command) => ({ command, description: 'Ask for help' })),
      shortcuts: [{ name: 'Ask', type: 'global', callback_id: `ask_${name}`, description: 'Ask' }],
    },
    oauth_config: {
      scopes: {
        bot: ['chat:write', 'commands', 'im:write', 'im:history', 'channels:history', 'channels:read', 'users:read',
          'files:write', 'files:read'],
      },
    },
    settings: { socket_mode_enabled: true, event_subscriptions: { bot_events: events } },
  };
}

const APPS = {
  calls: { bot_token: 'xoxb-calls', app_token: 'xapp-calls', id: 'A0CALLS' },
  sockets: { bot_token: 'xoxb-sockets', app_token: 'xapp-sockets', id: 'A0SOCKETS' },
  bolt: { bot_token: 'xoxb-bolt', app_token: 'xapp-bolt', id: 'A0BOLT' },
  web: { bot_token: 'xoxb-web', app_token: 'xapp-web', id: 'A0WEB', signing_secret: 'a-signing-key' },
};

function description(port) {
  const address = `http://127.0.0.1:${port}/slack/events`;
  return {
    team: { id: 'T0TEAM', name: 'Conformance', domain: 'conformance' },
    users: [
      { id: PEOPLE.anna, name: 'anna', real_name: 'Anna Ahrens', kind: 'owner' },
      { id: PEOPLE.ben, name: 'ben', real_name: 'Ben Brandt' },
    ],
    channels: [{ id: GENERAL, name: 'general', members: 'all' }],
    apps: [
      { ...APPS.calls, manifest: manifest('calls', [], []) },
      { ...APPS.sockets, manifest: manifest('sockets', ['/sockets'], ['message.im']) },
      { ...APPS.bolt, manifest: manifest('bolt', ['/bolt'], ['app_home_opened', 'message.im']) },
      {
        ...APPS.web,
        manifest: manifest('web', ['/web'], ['app_home_opened', 'message.im']),
        request_url: address,
        interactivity_url: address,
      },
    ],
  };
}

class Workspace {
  constructor(child, url) {
    this.child = child;
    this.url = url;
    this.api = `${url}/api/`;
  }

  static async start(python, folder, port) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    const seed = path.join(folder, 'workspace.yml');
    fs.writeFileSync(seed, JSON.stringify(description(port)));
    const log = fs.openSync(path.join(folder, 'sandbox.log'), 'w');
    const state = path.join(folder, 'state.sqlite3');
    const options = ['-m', 'sandbox', '--workspace', seed, '--state', state, '--port', '0'];
    const child = spawn(python, options, { stdio: ['ignore', 'pipe', log] });
    const url = await new Promise((resolve, reject) => {
      let printed = '';
      child.stdout.on('data', (data) => {
        printed += data;
        const found = printed.match(/^listening on (\S+)\n/m);
        if (found !== null) resolve(found[1]);
      });
      child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}; see ${folder}/sandbox.log`)));
    });
    return new Workspace(child, url);
  }

  async control(address, body, method = 'POST') {
    const response = await fetch(`${this.url}/control/${address}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    });
    return response.json();
  }

  act(person, what, more) {
    return this.control('act', { as: PEOPLE[person], do: what, ...more });
  }

  seenBy(person) {
    return this.control(`state?as=${PEOPLE[person]}`, undefined, 'GET');
  }

  async texts(person, channel) {
    const state = await this.seenBy(person);
    const found = [...state.channels, ...state.dms].find((one) => one.id === channel);
    return found === undefined ? [] : found.messages.map((message) => message.text);
  }

  stop() {
    this.child.removeAllListeners('exit');
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    return ended;
  }
}

// Apps go on after they acknowledged: wait for what they do then.
async function until(look, seconds = 10) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// The packages log every refusal and every lost socket; here both are part of the plan.
const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error',
  setName() {},
};

module.exports = { APPS, GENERAL, PEOPLE, Workspace, quiet, until };

// @slack/socket-mode: envelopes of every kind, answers in acknowledgements, and a new socket for an old one.
'use strict';

const assert = require('node:assert/strict');
const { SocketModeClient } = require('@slack/socket-mode');
const { APPS, GENERAL, quiet, until } = require('./workspace');

module.exports = (workspace) => {
  const clientOptions = { slackApiUrl: workspace.api };
  const client = new SocketModeClient({ appToken: APPS.sockets.app_token, clientOptions, logger: quiet });
  const heard = [];
  let greeted = 0;
  client.on('connected', () => { greeted += 1; });
  client.on('slash_commands', async ({ ack, body }) => {
    heard.push(body.command);
    await ack({ text: `You said ${body.text}` });
  });
  client.on('interactive', async ({ ack, body }) => {
    heard.push(body.type);
    await ack();
  });
  client.on('message', async ({ ack, event }) => {
    heard.push(event.text);
    await ack();
  });

  return {
    'a socket is opened and greeted': async () => {
      await client.start();
      assert.equal(greeted, 1);
    },
    'a command is answered in its acknowledgement': async () => {
      const given = { channel: GENERAL, command: '/sockets', text: 'hello' };
      assert.equal((await workspace.act('anna', 'command', given)).ok, true);
      assert.ok((await workspace.texts('anna', GENERAL)).includes('You said hello'));
    },
    'a shortcut arrives': async () => {
      assert.equal((await workspace.act('anna', 'shortcut', { callback_id: 'ask_sockets' })).ok, true);
      assert.ok(heard.includes('shortcut'));
    },
    'an event arrives, and again after the socket was cut': async () => {
      const { channel } = await workspace.act('anna', 'messages_tab', { app_id: APPS.sockets.id });
      await workspace.act('anna', 'say', { channel, text: 'First' });
      assert.ok(await until(() => heard.includes('First')));
      await workspace.control('faults', { do: 'close_sockets', app: APPS.sockets.id });
      assert.ok(await until(() => greeted >= 2, 20), 'no second socket came');
      await workspace.act('anna', 'say', { channel, text: 'Second' });
      assert.ok(await until(() => heard.includes('Second')));
    },
    'the socket is closed': async () => {
      await client.disconnect();
    },
  };
};

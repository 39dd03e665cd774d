// @slack/bolt: one app in the style of its documentation, over sockets and over HTTP.
'use strict';

const assert = require('node:assert/strict');
const { App } = require('@slack/bolt');
const { APPS, GENERAL, PEOPLE, quiet, until } = require('./workspace');

const TOO_SHORT = 'The value must be longer than 5 characters';
const plain = (text) => ({ type: 'plain_text', text });

function firstStep() {
  const element = { type: 'plain_text_input', action_id: 'dreamy_input', multiline: true };
  return {
    type: 'modal',
    callback_id: 'view_1',
    title: plain('Ask for help'),
    submit: plain('Next'),
    blocks: [{ type: 'input', block_id: 'block_c', label: plain('What are your hopes and dreams?'), element }],
  };
}

function secondStep(hopes) {
  return {
    type: 'modal',
    callback_id: 'view_2',
    private_metadata: hopes,
    title: plain('Are you sure?'),
    submit: plain('Post'),
    blocks: [{ type: 'section', text: plain(hopes) }],
  };
}

function home(clicks) {
  return { type: 'home', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `Clicked ${clicks} times` } }] };
}

function listen(app, command) {
  const clicks = {};
  app.command(command, async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: firstStep() });
  });
  app.view('view_1', async ({ ack, view }) => {
    const hopes = view.state.values.block_c.dreamy_input.value;
    if (hopes.length <= 5) {
      await ack({ response_action: 'errors', errors: { block_c: TOO_SHORT } });
      return;
    }
    await ack({ response_action: 'update', view: secondStep(hopes) });
  });
  app.view('view_2', async ({ ack, body, view, client }) => {
    await ack();
    const hopes = `<@${body.user.id}> hopes: ${view.private_metadata}`;
    const accessory = { type: 'button', action_id: 'button_click', text: plain('Click Me'), value: '1' };
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: hopes }, accessory }];
    await client.chat.postMessage({ channel: GENERAL, text: hopes, blocks });
  });
  app.action('button_click', async ({ ack, body, respond, client }) => {
    await ack();
    clicks[body.user.id] = (clicks[body.user.id] ?? 0) + 1;
    await respond({ text: `<@${body.user.id}> clicked ${command}`, replace_original: true });
    await client.views.publish({ user_id: body.user.id, view: home(clicks[body.user.id]) });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: home(clicks[event.user] ?? 0) });
  });
  app.message('hello', async ({ message, say }) => {
    await say(`Hey there <@${message.user}>!`);
  });
  app.error(async (error) => {
    throw error;
  });
}

function journey(workspace, name, known, command) {
  const modal = async () => (await workspace.seenBy('anna')).modals.at(-1);
  const submit = async (state) => workspace.act('anna', 'submit', { view_id: (await modal()).id, state });
  const hoping = (text) => ({ block_c: { dreamy_input: text } });
  const homeOf = async (person) => (await workspace.seenBy(person)).homes[known.id]?.blocks[0].text.text;
  return {
    [`${name}: a command opens a modal`]: async () => {
      assert.equal((await workspace.act('anna', 'command', { channel: GENERAL, command })).ok, true);
      assert.equal((await until(modal)).title.text, 'Ask for help');
    },
    [`${name}: errors keep the modal open`]: async () => {
      assert.deepEqual((await submit(hoping('No'))).errors, { block_c: TOO_SHORT });
      assert.equal((await modal()).title.text, 'Ask for help');
    },
    [`${name}: an update shows the next step`]: async () => {
      assert.equal((await submit(hoping('Fewer forms'))).response_action, 'update');
      assert.equal((await modal()).title.text, 'Are you sure?');
    },
    [`${name}: the last step closes it and posts a message`]: async () => {
      assert.equal((await submit({})).response_action, 'close');
      const wanted = `<@${PEOPLE.anna}> hopes: Fewer forms`;
      assert.ok(await until(async () => (await workspace.texts('ben', GENERAL)).includes(wanted)));
    },
    [`${name}: the message's button replaces it and publishes a home`]: async () => {
      const state = await workspace.seenBy('ben');
      const { messages } = state.channels.find((channel) => channel.id === GENERAL);
      const container = { type: 'message', channel: GENERAL, ts: messages.at(-1).ts };
      assert.equal((await workspace.act('ben', 'press', { container, action_id: 'button_click' })).ok, true);
      const clicked = `<@${PEOPLE.ben}> clicked ${command}`;
      assert.ok(await until(async () => (await workspace.texts('anna', GENERAL)).includes(clicked)));
      assert.ok(await until(async () => (await homeOf('ben')) === 'Clicked 1 times'));
    },
    [`${name}: opening the home publishes it`]: async () => {
      assert.equal((await workspace.act('anna', 'home', { app_id: known.id })).delivered, true);
      assert.ok(await until(async () => (await homeOf('anna')) === 'Clicked 0 times'));
    },
    [`${name}: a message is answered`]: async () => {
      const opened = await workspace.act('anna', 'messages_tab', { app_id: known.id });
      await workspace.act('anna', 'say', { channel: opened.channel, text: 'hello' });
      const answer = `Hey there <@${PEOPLE.anna}>!`;
      assert.ok(await until(async () => (await workspace.texts('anna', opened.channel)).includes(answer)));
    },
  };
}

function running(name, app, port, known, command, workspace) {
  listen(app, command);
  return {
    [`${name}: the app starts`]: async () => { await app.start(port); },
    ...journey(workspace, name, known, command),
    [`${name}: the app stops`]: async () => { await app.stop(); },
  };
}

module.exports = (workspace, port) => {
  const clientOptions = { slackApiUrl: workspace.api };
  const { bolt, web } = APPS;
  const overSockets = new App({
    token: bolt.bot_token, appToken: bolt.app_token, socketMode: true, clientOptions, logger: quiet,
  });
  const overHttp = new App({
    token: web.bot_token, signingSecret: web.signing_secret, clientOptions, logger: quiet,
  });
  return {
    ...running('over sockets', overSockets, undefined, bolt, '/bolt', workspace),
    ...running('over HTTP', overHttp, port, web, '/web', workspace),
  };
};

// @slack/web-api: calls, errors, pages, files and rate limits.
'use strict';

const assert = require('node:assert/strict');
const { WebClient, ErrorCode } = require('@slack/web-api');
const { APPS, GENERAL, PEOPLE, quiet, until } = require('./workspace');

module.exports = (workspace) => {
  const client = new WebClient(APPS.calls.bot_token, { slackApiUrl: workspace.api, logger: quiet });
  const refusal = async (promise) => {
    const problem = await promise.then(() => assert.fail('it was not refused'), (error) => error);
    assert.equal(problem.code, ErrorCode.PlatformError);
    return problem.data;
  };
  const section = { type: 'section', text: { type: 'mrkdwn', text: '*Hello*' } };

  return {
    'auth.test names the bot and its team': async () => {
      const who = await client.auth.test();
      assert.equal(who.team_id, 'T0TEAM');
      assert.ok(who.bot_id && who.user_id);
    },
    'api.test repeats arguments and errors': async () => {
      assert.equal((await client.api.test({ foo: 'bar' })).args.foo, 'bar');
      assert.equal((await refusal(client.api.test({ error: 'too_bad' }))).error, 'too_bad');
    },
    'a method nobody knows is refused': async () => {
      assert.equal((await refusal(client.apiCall('no.such.method'))).error, 'unknown_method');
    },
    'a wrong token is refused': async () => {
      const stranger = new WebClient('xoxb-nobody', { slackApiUrl: workspace.api, logger: quiet });
      assert.equal((await refusal(stranger.auth.test())).error, 'invalid_auth');
    },
    'a message is posted, changed, pointed to and deleted': async () => {
      const posted = await client.chat.postMessage({ channel: GENERAL, text: 'Hello', blocks: [section] });
      assert.equal(posted.message.blocks[0].text.text, '*Hello*');
      await client.chat.update({ channel: GENERAL, ts: posted.ts, text: 'Changed', blocks: [] });
      assert.deepEqual(await workspace.texts('anna', GENERAL), ['Changed']);
      assert.ok((await client.chat.getPermalink({ channel: GENERAL, message_ts: posted.ts })).permalink);
      await client.chat.delete({ channel: GENERAL, ts: posted.ts });
      assert.deepEqual(await workspace.texts('anna', GENERAL), []);
    },
    'wrong blocks are refused with a pointer': async () => {
      const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }];
      const data = await refusal(client.chat.postMessage({ channel: GENERAL, text: 'x', blocks }));
      assert.equal(data.error, 'invalid_blocks');
      assert.match(data.response_metadata.messages[0], /json-pointer:\/blocks\/0\/text/);
    },
    'a missing scope is named': async () => {
      const data = await refusal(client.usergroups.list());
      assert.equal(data.error, 'missing_scope');
      assert.equal(data.needed, 'usergroups:read');
    },
    'pages of a list are followed to their end': async () => {
      const names = [];
      for await (const page of client.paginate('users.list', { limit: 1 })) {
        names.push(...page.members.map((member) => member.name));
      }
      assert.ok(names.includes('anna') && names.includes('ben') && names.length === 6);
    },
    'a file is uploaded and shared': async () => {
      const given = { channel_id: GENERAL, file: Buffer.from('a,b\n1,2\n'), filename: 'table.csv' };
      const answer = await client.filesUploadV2({ ...given, initial_comment: 'The table' });
      assert.equal(answer.files.length, 1);
      assert.ok(await until(async () => (await workspace.texts('ben', GENERAL)).includes('The table')));
    },
    'a call that came too often is made again after the time Slack names': async () => {
      await workspace.control('faults', { do: 'rate_limit', on: 'users.info', count: 1, seconds: 1 });
      const started = Date.now();
      assert.equal((await client.users.info({ user: PEOPLE.ben })).user.name, 'ben');
      assert.ok(Date.now() - started >= 1000);
    },
    'a home is published and refused for an old hash': async () => {
      const view = { type: 'home', blocks: [section] };
      const first = await client.views.publish({ user_id: PEOPLE.ben, view });
      await client.views.publish({ user_id: PEOPLE.ben, view, hash: first.view.hash });
      const late = client.views.publish({ user_id: PEOPLE.ben, view, hash: first.view.hash });
      assert.equal((await refusal(late)).error, 'hash_conflict');
    },
  };
};

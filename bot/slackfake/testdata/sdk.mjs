// Talks to a Slack with its official SDK and prints what it was told, a line
// of JSON for each step. Arguments: where the SDK is installed, the Web API's
// URL, the token, a trigger_id that is past, and a fresh one.
import { createRequire } from 'node:module';

const [where, slackApiUrl, token, past, fresh] = process.argv.slice(2);
const { WebClient, WebClientEvent, LogLevel } = createRequire(where)('@slack/web-api');

const client = new WebClient(token, { slackApiUrl, logLevel: LogLevel.ERROR });
let limited = 0;
client.on(WebClientEvent.RATE_LIMITED, () => { limited++; });

const tell = (step, told) => console.log(JSON.stringify({ step, ...told }));
const fails = async (step, call) => {
  try {
    await call();
    tell(step, { error: 'none' });
  } catch (error) {
    tell(step, { error: error.data?.error, messages: error.data?.response_metadata?.messages });
  }
};

const section = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const view = { type: 'modal', title: { type: 'plain_text', text: 'Diagnose' }, blocks: [section('*Who?*')] };

const self = await client.auth.test();
tell('auth.test', { team: self.team_id, user: self.user_id });

const person = await client.users.info({ user: 'U1' });
tell('users.info', { name: person.user.real_name });

const { channel } = await client.conversations.open({ users: 'U1' });
tell('conversations.open', { channel: channel.id });

const posted = await client.chat.postMessage({ channel: channel.id, text: 'old', blocks: [section('*old* & <b>')] });
tell('chat.postMessage', { ts: posted.ts, text: posted.message.blocks[0].text.text });

const updated = await client.chat.update({ channel: channel.id, ts: posted.ts, text: 'new', blocks: [section('*new*')] });
tell('chat.update', { ts: updated.ts, text: updated.text });

await fails('invalid blocks', () => client.chat.postMessage({ channel: channel.id, text: 't', blocks: [section('')] }));
await fails('unknown channel', () => client.chat.postMessage({ channel: 'C9', text: 't' }));
await fails('past trigger', () => client.views.open({ trigger_id: past, view }));

const opened = await client.views.open({ trigger_id: fresh, view });
tell('views.open', { view: opened.view.id, title: opened.view.title.text });
await fails('stale hash', () => client.views.update({ view_id: opened.view.id, hash: 'old', view }));

await client.views.publish({ user_id: 'U1', view: { type: 'home', blocks: [section('home')] } });

for (let i = 1; i <= 6; i++) {
  await client.chat.postMessage({ channel: 'C1', text: `message ${i}` });
}
tell('messages', { limited });

await fails('wrong token', () => new WebClient('xoxb-wrong', { slackApiUrl, logLevel: LogLevel.ERROR }).auth.test());

// SPDX-License-Identifier: AGPL-3.0-or-later
// Doorstep's pages as a careful Express programmer would serve them: production mode, cached
// views, prepared statements, one read-only connection, keep-alive, nothing logged.
//   node server.mjs --db FILE --listen 127.0.0.1:PORT
import path from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import ejs from 'ejs';
import express from 'express';
import { pages } from './queries.mjs';

const { values } = parseArgs({ options: { db: { type: 'string' }, listen: { type: 'string' } } });
const [host, port] = values.listen.split(':');

const db = new Database(values.db, { readonly: true, fileMustExist: true });
db.pragma('busy_timeout = 5000');
db.pragma('query_only = ON');
db.pragma('cache_size = -8192');
db.pragma('temp_store = MEMORY');

const app = express();
const views = path.join(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  'views',
);
app.set('views', views);
app.set('view engine', 'ejs');
app.enable('view cache');
// As ejs advises for speed: no `with` around the template, no line numbers kept for errors.
const options = { views: [views], cache: true, _with: false, compileDebug: false, localsName: 'v' };
app.engine('ejs', (file, data, done) => ejs.renderFile(file, data, options, done));
app.disable('x-powered-by');
app.disable('etag'); // every answer is made anew: that is what is compared

app.get('/health', (req, res) => res.type('text').send('ok\n'));
for (const { route, view, prepare } of pages) {
  const load = db.transaction(prepare(db)); // one read transaction a page
  app.get(route, (req, res) => {
    const data = load(req.params, req.query);
    if (!data) return res.status(404).type('text').send('not found\n');
    res.render(view, data);
  });
}

const server = app.listen(Number(port), host);
server.keepAliveTimeout = 120_000;
server.maxRequestsPerSocket = 0;
process.on('SIGTERM', () => process.exit(0));

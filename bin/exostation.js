#!/usr/bin/env node
// Sets NODE_ENV before anything is loaded (React reads it), then hands over to the command line.
process.env.NODE_ENV ??= 'production';
const { start } = await import('../dist/cli/start.js');
await start(process.argv);

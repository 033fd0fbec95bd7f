import { z } from 'zod';

// Compiled parsers come from `new Function`, which the page's Content-Security-Policy forbids; schemas ask for this when
// they are made, so they get `z` from here.
z.config({ jitless: true });

export { z };

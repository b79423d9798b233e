/**
 * For schemas that a page makes or checks with; imported before any of them is made. The page's policy lets nobody
 * compile code: zod would try as soon as there is an object schema, and the browser would report our own program.
 */
import * as z from 'zod';

if ('window' in globalThis) z.config({ jitless: true });

/**
 * Turns off zod's compilation in pages. Imported before any schema is created: a page's content security policy forbids
 * compiling code, zod would try as soon as an object schema exists, and the browser would report a violation.
 */
import * as z from 'zod';

if ('window' in globalThis) z.config({ jitless: true });

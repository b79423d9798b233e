/** `npm run screenshots` draws docs/ again, with the built app on the demo project. */
import { defineConfig } from '@playwright/test';
import base from '../../playwright.config';

export default defineConfig(base, { testDir: '.', testMatch: '*.shots.ts', reporter: [['list']] });

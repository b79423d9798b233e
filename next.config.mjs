import createNextIntlPlugin from 'next-intl/plugin';

/** @type {import('next').NextConfig} */
const config = {
  serverExternalPackages: ['@electric-sql/pglite', 'pg'],
  // `npm run types` checks them, with the compiler that this project pins.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  compress: false,
  devIndicators: false,
  turbopack: {
    resolveAlias: {
      // Its build for browsers asks the document, which the worker that formats texts does not have.
      'decode-named-character-reference': './node_modules/decode-named-character-reference/index.js',
    },
  },
  /** What programs ask under /api/v1 is answered by the routes that the pages use, too. */
  async rewrites() {
    return { beforeFiles: [{ source: '/api/v1/:path*', destination: '/api/:path*' }] };
  },
  async headers() {
    return [
      {
        source: '/(.*)',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'same-origin' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=()' },
          // Training uses SharedArrayBuffer. Isolation belongs to the document, and links within the app keep the
          // document, so every page has it, not only those that train.
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
          { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
          { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
        ],
      },
    ];
  },
};

/** Sentences are compiled by the build, so that no browser gets a parser for them. */
const withMessages = createNextIntlPlugin({
  requestConfig: './lib/i18n/request.ts',
  experimental: { messages: { path: './messages', format: 'json', locales: 'infer', precompile: true } },
});

export default withMessages(config);

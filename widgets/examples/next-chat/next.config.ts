import type { NextConfig } from 'next';
import { resolve } from 'node:path';

const collector = process.env.SAYSO_URL ?? 'http://127.0.0.1:8710';

const config: NextConfig = {
  // The script and the events come from the page's own origin: no second host in the content policy, nothing to block.
  // No more of the collector than pages need.
  rewrites: async () =>
    ['/sayso.js', '/sayso/:path*', '/v1/events'].map((path) => ({ source: `/fb${path}`, destination: `${collector}${path}` })),
  // Only here, where the package and the shared files lie beside this folder.
  turbopack: { root: resolve(import.meta.dirname, '../..') },
};

export default config;

import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import '../../shared/chat.css';

export const metadata: Metadata = { title: 'Help desk' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <script src="/fb/sayso.js" data-key={process.env.PUBLIC_SAYSO_KEY} data-url="/fb" defer />
      </head>
      <body>{children}</body>
    </html>
  );
}

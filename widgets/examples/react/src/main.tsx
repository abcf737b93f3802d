import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../../shared/chat.css';
import { Chat } from './chat';

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <Chat />
  </StrictMode>,
);

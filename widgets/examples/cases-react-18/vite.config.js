import { defineConfig } from 'vite';
import { backend } from '../shared/backend.js';

export default defineConfig({ plugins: [backend()] });

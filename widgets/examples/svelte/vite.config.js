import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { backend } from '../shared/backend.js';

export default defineConfig({ plugins: [svelte(), backend()] });

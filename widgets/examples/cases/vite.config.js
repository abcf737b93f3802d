import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { backend } from '../shared/backend.js';

const isCustomElement = (/** @type {string} */ tag) => tag.startsWith('sayso-');

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), svelte(), backend()],
});

import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { backend } from '../shared/backend.js';

// Without this Vue looks for components of these names, and warns.
const isCustomElement = (/** @type {string} */ tag) => tag.startsWith('sayso-');

export default defineConfig({ plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), backend()] });

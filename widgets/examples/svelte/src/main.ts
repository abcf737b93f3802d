import { mount } from 'svelte';
import '../../shared/chat.css';
import Chat from './chat.svelte';

mount(Chat, { target: document.getElementById('app')! });

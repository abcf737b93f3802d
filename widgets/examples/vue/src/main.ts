import { createApp } from 'vue';
import '../../shared/chat.css';
import Chat from './chat.vue';

createApp(Chat).mount('#app');

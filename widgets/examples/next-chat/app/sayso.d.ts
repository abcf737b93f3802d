import type {} from 'sayso-widgets/react';

import * as React from 'react';
import * as client from 'react-dom/client';
import { mounting } from './react-any.js';

export const mount = mounting(React, client);

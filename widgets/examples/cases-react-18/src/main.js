import * as React from 'react';
import * as client from 'react-dom/client';
import { open } from '../../cases/src/page.js';
import { mounting } from '../../cases/src/react-any.js';

open(async () => mounting(React, client));

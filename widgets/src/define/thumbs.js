/** Registers `<sayso-thumbs>`. */
import { SaysoThumbs } from '../elements/thumbs.js';

SaysoThumbs.define();

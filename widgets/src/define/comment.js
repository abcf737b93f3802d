/** Registers `<sayso-comment>`. */
import { SaysoComment } from '../elements/comment.js';

SaysoComment.define();

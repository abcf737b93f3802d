/** Registers every element. */
import './thumbs.js';
import './comment.js';
import './suggestion.js';

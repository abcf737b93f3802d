/** Registers `<sayso-suggestion>`. */
import { SaysoSuggestion } from '../elements/suggestion.js';

SaysoSuggestion.define();

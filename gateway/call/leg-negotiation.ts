/** Offers and answers of one leg: its state, its capabilities and what media opened, put together. */
import { fail, type Result, succeed } from '../core/result.ts';
import { makeAnswer } from '../offer-answer/answer.ts';
import { applyAnswer } from '../offer-answer/apply-answer.ts';
import type { Codec, Negotiation } from '../offer-answer/description.ts';

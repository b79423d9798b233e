/** Languages of prompts, and those that people read. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { issueKey } from './issue';

/** A BCP 47 tag in small letters, such as "en" or "pt-br". */
export const languageTagSchema = z
  .string()
  .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/, issueKey('languageTag'))
  .toLowerCase();

const MAX_LANGUAGES_READ = 50;
/** The languages that somebody reads; none: all of them. */
export const languagesReadSchema = z.array(languageTagSchema).max(MAX_LANGUAGES_READ);

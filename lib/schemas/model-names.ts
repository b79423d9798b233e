/**
 * Who may see which model wrote a response, beside the project's researchers: nobody, an annotator who has judged the
 * prompt, or one whose prompt has also been decided by a reviewer.
 */
export const modelNamePolicies = ['researchers', 'after_decision', 'after_submission'] as const;
export type ModelNames = (typeof modelNamePolicies)[number];

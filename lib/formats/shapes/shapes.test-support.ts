/** One small file of each shape that other programs write; their contents are invented. */

export const encode = (text: string) => new TextEncoder().encode(text);
export const lines = (rows: readonly object[]) => encode(rows.map((row) => JSON.stringify(row)).join('\n'));
export const user = (content: string) => ({ role: 'user', content });
export const assistant = (content: string) => ({ role: 'assistant', content });

export const message = (id: string, parent: string | null, role: string, text: string, more: object = {}) => ({
  message_id: id,
  parent_id: parent,
  role,
  text,
  rank: null,
  deleted: false,
  message_tree_id: 't',
  lang: 'en',
  ...more,
});

export const shapes: readonly { of: string; rows: object[]; prompts: [string, string[]][]; told: string }[] = [
  {
    of: 'TRL, explicit: rows with one prompt become one, equal texts one response',
    rows: [
      { prompt: 'Why?', chosen: 'So.', rejected: 'No.' },
      { prompt: 'Why?', chosen: ' So. ', rejected: 'Maybe.' },
      { prompt: 'How?', chosen: 'Thus.', rejected: 'Not.' },
    ],
    prompts: [
      ['Why?', ['So.||', 'No.||', 'Maybe.||']],
      ['How?', ['Thus.||', 'Not.||']],
    ],
    told: 'a TRL preference file: 3 judgements, 3 pairs, 1 merged',
  },
  {
    of: 'TRL, implicit',
    rows: [{ chosen: [user('Why?'), assistant('So.')], rejected: [user('Why?'), assistant('No.')] }],
    prompts: [['Why?', ['So.||', 'No.||']]],
    told: 'a TRL preference file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'TRL, conversational',
    rows: [{ prompt: [user('Why?')], chosen: [assistant('So.')], rejected: [assistant('No.')] }],
    prompts: [['Why?', ['So.||', 'No.||']]],
    told: 'a TRL preference file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'Tulu 3 and Skywork: the prompt stands in the answers, too',
    rows: [
      {
        id: 'tulu-1',
        source: 'set',
        prompt: 'Why?',
        chosen: [user('Why?'), assistant('So.')],
        rejected: [user('Why?'), assistant('No.')],
        chosen_model: 'm1',
        rejected_model: 'm2',
      },
    ],
    prompts: [['Why?', ['So.|m1|', 'No.|m2|']]],
    told: 'a TRL preference file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'UltraFeedback',
    rows: [
      {
        source: 's',
        instruction: 'Why?',
        models: ['m1', 'm2', 'm3'],
        completions: [
          { model: 'm1', response: 'A', overall_score: 7.5, annotations: { honesty: { Rating: '4' } } },
          { model: 'm2', response: 'B', overall_score: 3 },
          { model: 'm3', response: 'C', overall_score: 3 },
        ],
        correct_answers: [],
        incorrect_answers: [],
      },
    ],
    prompts: [['Why?', ['A|m1|', 'B|m2|', 'C|m3|']]],
    told: 'an UltraFeedback file: 1 judgements, 2 pairs, 0 merged',
  },
  {
    of: 'ultrafeedback_binarized',
    rows: [
      {
        prompt: 'Why?',
        prompt_id: 'abc',
        chosen: [user('Why?'), assistant('So.')],
        rejected: [user('Why?'), assistant('No.')],
        messages: [],
        score_chosen: 8,
        score_rejected: 8,
      },
    ],
    prompts: [['Why?', ['So.||', 'No.||']]],
    told: 'a binarized UltraFeedback file: 1 judgements, 0 pairs, 0 merged',
  },
  {
    of: 'Nectar',
    rows: [
      {
        prompt: '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?\n\nAssistant: ',
        answers: [
          { answer: 'A', model: 'm1', rank: 1 },
          { answer: 'B', model: 'm2', rank: 2 },
          { answer: 'C', model: 'm3', rank: 2 },
        ],
        turns: 2,
        num_responses: 3,
        source: ['x'],
        good_natured: true,
      },
    ],
    prompts: [['Hi / Hello / Why?', ['A|m1|', 'B|m2|', 'C|m3|']]],
    told: 'a Nectar file: 1 judgements, 2 pairs, 0 merged',
  },
  {
    of: 'HelpSteer2: two rows a prompt, on one scale',
    rows: [
      { prompt: 'Why?', response: 'A', helpfulness: 4, correctness: 4, coherence: 4, complexity: 1, verbosity: 1 },
      { prompt: 'Why?', response: 'B', helpfulness: 2, correctness: 2, coherence: 4, complexity: 1, verbosity: 1 },
    ],
    prompts: [['Why?', ['A||', 'B||']]],
    told: 'a HelpSteer file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'HelpSteer2 preference',
    rows: [
      {
        prompt: 'Why?',
        response_1: 'A',
        response_2: 'B',
        preference_strength: -2,
        all_preferences_unprocessed: [{ strength: -3 }, { strength: -1 }, { strength: 0 }],
      },
    ],
    prompts: [['Why?', ['A||', 'B||']]],
    told: 'a HelpSteer2 preference file: 3 judgements, 2 pairs, 0 merged',
  },
  {
    of: 'HelpSteer3',
    rows: [
      {
        domain: 'd',
        language: 'en',
        context: [user('Why?')],
        response1: 'A',
        response2: 'B',
        overall_preference: 1,
        individual_preference: [{ score: 0, reasoning: 'r', feedback1: 'f', feedback2: 'g' }, { score: 2 }],
      },
    ],
    prompts: [['Why?', ['A||', 'B||']]],
    told: 'a HelpSteer3 file: 2 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'HH-RLHF',
    rows: [
      {
        chosen: '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?\n\nAssistant: So.\n\nReally.',
        rejected: '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?\n\nAssistant: No.',
      },
    ],
    prompts: [['Hi / Hello / Why?', ['So.\n\nReally.||', 'No.||']]],
    told: 'an HH-RLHF file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'OpenAssistant: the answers to one message, in any order of rows',
    rows: [
      message('b', 'q', 'assistant', 'B', { rank: 1 }),
      message('q', null, 'prompter', 'Why?'),
      message('a', 'q', 'assistant', 'A', { rank: 0 }),
      message('x', 'q', 'assistant', 'gone', { deleted: true }),
      message('q2', 'a', 'prompter', 'And?'),
      message('a2', 'q2', 'assistant', 'C'),
      message('b2', 'q2', 'assistant', 'D'),
    ],
    prompts: [
      ['Why?', ['B|human|', 'A|human|']],
      ['Why? / A / And?', ['C|human|', 'D|human|']],
    ],
    told: 'an OpenAssistant file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'Chatbot Arena with columns',
    rows: [
      {
        id: '7',
        model_a: 'm1',
        model_b: 'm2',
        prompt: '["Why?"]',
        response_a: '["A"]',
        response_b: '["B"]',
        winner_model_a: '0',
        winner_model_b: '1',
        winner_tie: '0',
      },
    ],
    prompts: [['Why?', ['A|m1|', 'B|m2|']]],
    told: 'a Chatbot Arena file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'Chatbot Arena with conversations; both bad is a tie',
    rows: ['model_a', 'tie', 'both_bad', 'tie (bothbad)'].map((winner, i) => ({
      model_a: 'm1',
      model_b: 'm2',
      winner,
      conversation_a: [user(`Why ${i}?`), assistant('A')],
      conversation_b: [
        { role: 'user', content: [{ type: 'text', text: `Why ${i}?` }] },
        { role: 'assistant', content: [{ type: 'text', text: 'B' }] },
      ],
      language: 'English',
    })),
    prompts: [0, 1, 2, 3].map((i) => [`Why ${i}?`, ['A|m1|', 'B|m2|']]),
    told: 'a Chatbot Arena file: 4 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'RewardBench 2',
    rows: [
      {
        id: 'ref:1',
        prompt: 'Why?',
        chosen: ['A', 'B'],
        rejected: ['C', 'D'],
        models: ['m1', 'm2', 'm3', 'm4'],
        subset: 'Ties',
      },
    ],
    prompts: [['Why?', ['A|m1|', 'B|m2|', 'C|m3|', 'D|m4|']]],
    told: 'a RewardBench file: 1 judgements, 4 pairs, 0 merged',
  },
  {
    of: 'PKU-SafeRLHF',
    rows: [
      {
        prompt: 'Why?',
        response_0: 'A',
        response_1: 'B',
        response_0_source: 'm1',
        response_1_source: 'm2',
        is_response_0_safe: false,
        is_response_1_safe: true,
        better_response_id: 0,
        safer_response_id: 1,
      },
    ],
    prompts: [['Why?', ['A|m1|unsafe', 'B|m2|safe']]],
    told: 'a PKU-SafeRLHF file: 2 judgements, 2 pairs, 0 merged',
  },
  {
    of: 'ShareGPT preferences',
    rows: [
      {
        conversations: [{ from: 'human', value: 'Why?' }],
        chosen: { from: 'gpt', value: 'A' },
        rejected: { from: 'gpt', value: 'B' },
      },
    ],
    prompts: [['Why?', ['A||', 'B||']]],
    told: 'a ShareGPT file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'Alpaca preferences',
    rows: [{ instruction: 'Shorten.', input: 'Long text', chosen: 'A', rejected: 'B' }],
    prompts: [['Shorten.\nLong text', ['A||', 'B||']]],
    told: 'an Alpaca preference file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'e-SNLI',
    rows: [
      {
        pairID: '1r1n',
        gold_label: 'neutral',
        Sentence1: 'A dog runs.',
        Sentence2: 'A pet is late.',
        Explanation_1: 'Not all run late.',
        Sentence1_marked_1: 'A *dog* runs.',
        Explanation_2: 'Dogs run for joy.',
        Explanation_3: '',
      },
    ],
    prompts: [
      [
        'Premise: A dog runs.\nHypothesis: A pet is late.',
        ['Not all run late.|human|neutral', 'Dogs run for joy.|human|neutral'],
      ],
    ],
    told: 'an e-SNLI file: 0 judgements, 0 pairs, 0 merged',
  },
  {
    of: 'questions over documents',
    rows: [
      {
        id: 'nq-1',
        question: 'Who?',
        answers: ['Ada', 'Ada L.'],
        documents: [{ title: 'T', text: 'Ada did.', gold: true }],
      },
    ],
    prompts: [['Who?', ['Ada|human|', 'Ada L.|human|']]],
    told: 'a multi-document QA file: 0 judgements, 0 pairs, 0 merged',
  },
  {
    of: 'Label Studio: a list that was ranked, by two people',
    rows: [
      {
        id: 3,
        data: {
          prompt: 'Why?',
          items: [
            { id: 'a', title: 'Model', body: 'A' },
            { id: 'b', body: 'B' },
            { id: 'c', body: 'C' },
          ],
        },
        annotations: [
          {
            completed_by: 1,
            result: [{ type: 'ranker', to_name: 'list', value: { ranker: { rank: ['b', 'a', 'c'] } } }],
          },
          {
            completed_by: { email: 'ada@example.org' },
            result: [{ type: 'ranker', value: { ranker: { good: ['a', 'b'], bad: ['c'], _: [] } } }],
          },
          {
            completed_by: 2,
            was_cancelled: true,
            result: [{ type: 'ranker', value: { ranker: { rank: ['a', 'b'] } } }],
          },
        ],
      },
    ],
    prompts: [['Why?', ['A||', 'B||', 'C||']]],
    told: 'a Label Studio file: 2 judgements, 5 pairs, 0 merged',
  },
  {
    of: 'Label Studio: two texts that were compared, and rated',
    rows: [
      {
        data: { question: 'Why?', text1: 'A', text2: 'B' },
        annotations: [
          { completed_by: 1, result: [{ type: 'pairwise', value: { selected: 'right' } }] },
          {
            completed_by: 2,
            result: [
              { type: 'rating', to_name: 'text1', value: { rating: 4 } },
              { type: 'rating', to_name: 'text2', value: { rating: 2 } },
            ],
          },
        ],
      },
    ],
    prompts: [['Why?', ['A||', 'B||']]],
    told: 'a Label Studio file: 2 judgements, 2 pairs, 0 merged',
  },
  {
    of: 'Argilla: rankings of fields',
    rows: [
      {
        fields: { prompt: 'Why?', 'response-1': 'A', 'response-2': 'B' },
        responses: [
          {
            user_id: 'u1',
            values: {
              order: {
                value: [
                  { value: 'response-2', rank: 1 },
                  { value: 'response-1', rank: 2 },
                ],
              },
              note: { value: 'x' },
            },
          },
        ],
      },
    ],
    prompts: [['Why?', ['A||', 'B||']]],
    told: 'an Argilla file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'Argilla: chosen and rejected',
    rows: [{ instruction: 'Why?', chosen_response: 'A', rejected_response: 'B' }],
    prompts: [['Why?', ['A||', 'B||']]],
    told: 'an Argilla file: 1 judgements, 1 pairs, 0 merged',
  },
  {
    of: 'PandaLM: a comparison by several people, each by itself',
    rows: [
      {
        idx: 3,
        cmp_key: 'a_b',
        instruction: 'Count.',
        input: '1, 2',
        response1: 'Three.',
        response2: 'Four.',
        annotator1: 1,
        annotator2: 0,
      },
    ],
    prompts: [['Count.\n\n1, 2', ['Three.|a|', 'Four.|b|']]],
    told: 'a PandaLM file: 2 judgements, 1 pairs, 0 merged',
  },
];

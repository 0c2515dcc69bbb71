import type { StatsData } from './data.ts';

const ADA = '0b1c8a52-6f7e-4d8e-9a51-3f0c2d7e4a01';
const GRACE = '5d2f4c1e-9b3a-4e6d-8c7f-1a2b3c4d5e02';
const LINUS = '9e8d7c6b-5a4f-4321-8bcd-ef0123456703';

/** What the service knows unless it is told otherwise: rock-paper-scissors and three players of it. */
export const sampleData: StatsData = {
  stats: 'rock, paper, scissors',
  products: {
    exrps: {
      scores: { [ADA]: 14, [GRACE]: 9, [LINUS]: 3 },
      stats: {
        [ADA]: {
          games: '17',
          wins: '14',
          losses: '3',
          rock_selection_count: '8',
          paper_selection_count: '5',
          scissors_selection_count: '4',
        },
        [GRACE]: {
          games: '15',
          wins: '9',
          losses: '6',
          rock_selection_count: '3',
          paper_selection_count: '9',
          scissors_selection_count: '3',
        },
        [LINUS]: {
          games: '20',
          wins: '3',
          losses: '17',
          rock_selection_count: '18',
          scissors_selection_count: '1',
          botch_selection_count: '1',
        },
      },
    },
  },
};

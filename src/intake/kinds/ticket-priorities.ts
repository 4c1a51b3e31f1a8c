export const TICKET_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;

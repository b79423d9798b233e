import { handleAuth } from '@/lib/http/auth-route';

export const GET = handleAuth;
export const POST = handleAuth;

/** How to make a good key; ends every message about a bad one. */
export const keyAdvice = `make one with: node -e "console.log('base64:'+require('crypto').randomBytes(32).toString('base64'))"`;

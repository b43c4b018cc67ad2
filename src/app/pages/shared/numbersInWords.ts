/** Claims are of many kinds (shares, differences, ratings): three digits say enough of each. */
export const formatNumber = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−');

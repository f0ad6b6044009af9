using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Evaluation.Localization;

/// <summary>Where a map is high, around its highest point.</summary>
/// <param name="Inside">A value a place of the map, row by row.</param>
/// <param name="Box">The smallest box around the region, in places of the map, whole numbers.</param>
public sealed record PredictedRegion(bool[] Inside, Box Box)
{
    /// <summary>The connected region that holds the highest value and in which every value reaches a share of it.</summary>
    /// <param name="map">width x width values, row by row; places touch along edges, not at corners.</param>
    /// <param name="level">Share of the highest value, above 0 up to 1.</param>
    /// <returns>Null when no value is above 0: a map without evidence predicts no place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A level outside its range.</exception>
    public static PredictedRegion? Of(ReadOnlySpan<float> map, int width, double level)
    {
        if (!(level > 0 && level <= 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "The level is above 0 and at most 1.");
        var highest = 0;
        for (var i = 1; i < map.Length; i++)
        {
            if (map[i] > map[highest]) highest = i;
        }
        if (!(map[highest] > 0)) return null;

        var least = (float)(level * map[highest]);
        int left = highest % width, right = left, top = highest / width, bottom = top;
        var seen = new bool[map.Length];
        var open = new Stack<int>();
        Visit(highest, map);
        while (open.TryPop(out var place))
        {
            int x = place % width, y = place / width;
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
            if (x > 0) Visit(place - 1, map);
            if (x + 1 < width) Visit(place + 1, map);
            if (y > 0) Visit(place - width, map);
            if (place + width < map.Length) Visit(place + width, map);
        }
        return new(seen, new(left, top, right + 1, bottom + 1));

        void Visit(int place, ReadOnlySpan<float> values)
        {
            if (seen[place] || values[place] < least) return;
            seen[place] = true;
            open.Push(place);
        }
    }
}

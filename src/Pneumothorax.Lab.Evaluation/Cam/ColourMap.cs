namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>Colours for a value from 0 to 1, as 256 entries between published anchors.</summary>
/// <remarks>inferno: van der Walt and Smith, 2015. cividis: Nuñez, Anderton and Renslow, PLOS ONE 2018. jet: MATLAB's old default.</remarks>
public sealed class ColourMap
{
    public const int Entries = 256;

    private readonly byte[] _rgb;

    /// <param name="anchors">Positions from 0 to 1, rising, with their colours (0xRRGGBB).</param>
    private ColourMap(string name, params ReadOnlySpan<(double Position, int Colour)> anchors)
    {
        Name = name;
        _rgb = new byte[Entries * 3];
        var right = 1;
        for (var entry = 0; entry < Entries; entry++)
        {
            var position = entry / (Entries - 1.0);
            while (position > anchors[right].Position) right++;
            var (from, to) = (anchors[right - 1], anchors[right]);
            var share = (position - from.Position) / (to.Position - from.Position);
            for (var channel = 0; channel < 3; channel++)
            {
                var (a, b) = (Channel(from.Colour, channel), Channel(to.Colour, channel));
                _rgb[entry * 3 + channel] = (byte)Math.Round(a + share * (b - a));
            }
        }
    }

    /// <summary>Even steps of lightness, dark to bright; also readable for the colour-blind and in print.</summary>
    public static ColourMap Inferno { get; } = new("inferno", Evenly(
        0x000004, 0x1B0C42, 0x4B0C6B, 0x781C6D, 0xA52C60, 0xCF4446, 0xED6925, 0xFB9A06, 0xF7D03C, 0xFCFFA4));

    /// <summary>Looks the same to people with and without red-green blindness.</summary>
    public static ColourMap Cividis { get; } = new("cividis", Evenly(
        0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55, 0xFEE838));

    public static ColourMap Grey { get; } = new("grey", (0, 0x000000), (1, 0xFFFFFF));

    /// <summary>The exercise's own, to show why not: its lightness rises and falls, so it draws edges where there are none.</summary>
    public static ColourMap Jet { get; } = new("jet",
        (0, 0x000080), (0.125, 0x0000FF), (0.375, 0x00FFFF), (0.625, 0xFFFF00), (0.875, 0xFF0000), (1, 0x800000));

    /// <summary>For values of both signs, 0 in the middle: orange above, blue below, and dark where there is nothing. Both arms brighten evenly.</summary>
    public static ColourMap TwoSided { get; } = new("two-sided", (0, 0xBFE3FF), (0.25, 0x2F80C0), (0.5, 0x07090B), (0.75, 0xC85A17), (1, 0xFFDFA0));

    /// <summary>Those that a reader can choose for a map of evidence.</summary>
    public static IReadOnlyList<ColourMap> All { get; } = [Inferno, Cividis, Grey, Jet, TwoSided];

    public string Name { get; }

    /// <summary>Whether 0 lies in the middle, and values below it have colours of their own.</summary>
    public bool IsTwoSided => this == TwoSided;

    /// <returns>Red, green, blue.</returns>
    /// <param name="value">Below 0 counts as 0, above 1 as 1.</param>
    public ReadOnlySpan<byte> At(float value) => _rgb.AsSpan((int)MathF.Round(Math.Clamp(value, 0, 1) * (Entries - 1)) * 3, 3);

    /// <returns>Null where no map has this name.</returns>
    public static ColourMap? Find(string name) => All.FirstOrDefault(map => map.Name == name);

    private static (double, int)[] Evenly(params ReadOnlySpan<int> colours)
    {
        var anchors = new (double, int)[colours.Length];
        for (var i = 0; i < anchors.Length; i++) anchors[i] = (i / (colours.Length - 1.0), colours[i]);
        return anchors;
    }

    private static int Channel(int colour, int channel) => (colour >> (16 - 8 * channel)) & 0xFF;
}

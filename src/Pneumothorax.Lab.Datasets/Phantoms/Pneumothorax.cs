namespace Pneumothorax.Lab.Datasets.Phantoms;

internal enum PneumothoraxSize
{
    Small,
    Medium,
    Large,
}

/// <summary>Air between chest wall and lung: the lung's surface, a thin line, has come off the wall.</summary>
internal sealed class Pneumothorax
{
    private Pneumothorax(Lung lung, PneumothoraxSize size, Vec[] surface, double push) => (Lung, Size, Surface, Push) = (lung, size, surface, push);

    public Lung Lung { get; }
    public PneumothoraxSize Size { get; }

    /// <summary>The visceral pleura, point for point beside <see cref="Lung.Wall"/>.</summary>
    public Vec[] Surface { get; }

    /// <summary>Pressure that moves the mediastinum to the other side, in units of anatomy.</summary>
    public double Push { get; }

    /// <summary>Outline of the air.</summary>
    public Vec[] Air => [.. Lung.Wall, .. Surface.Reverse()];

    /// <summary>Outline of what is left of the lung.</summary>
    public Vec[] Collapsed => [.. Surface, .. Lung.Diaphragm[1..], .. Lung.Mediastinum[1..^1]];

    public static Pneumothorax Draw(Lung lung, SeededRandom random)
    {
        var dice = random.Unit();
        var size = dice < 0.35 ? PneumothoraxSize.Small : dice < 0.75 ? PneumothoraxSize.Medium : PneumothoraxSize.Large;
        var (least, most) = size switch
        {
            PneumothoraxSize.Small => (0.035, 0.075),
            PneumothoraxSize.Medium => (0.075, 0.16),
            _ => (0.16, 0.36),
        };
        var gap = random.Between(least, most);

        // Upright, air gathers at the apex; lying down, along the side and at the base.
        var apical = random.Chance(0.7);
        var reach = size == PneumothoraxSize.Small ? random.Between(0.4, 0.7) : random.Between(0.65, 1.0);
        var wobble = random.Between(0, 6.28);
        double Gap(double share)
        {
            var along = apical
                ? (1 - PortableMath.Smooth((share - 0.15) / reach)) * (0.75 + 0.25 * PortableMath.Smooth(share / 0.12))
                : PortableMath.Smooth(share / 0.35) * (0.55 + 0.45 * PortableMath.Smooth((share - 0.2) / 0.6));
            return gap * along * (1 + 0.08 * PortableMath.Sin(9 * share + wobble));
        }

        // The wall runs down: a quarter turn from down points to the picture's left, into the left lung.
        var surface = Curve.Offset(lung.Wall, share => (lung.IsLeft ? 1 : -1) * Gap(share));
        var push = size == PneumothoraxSize.Large && random.Chance(0.5) ? random.Between(0.02, 0.09) : 0;
        return new(lung, size, surface, lung.IsLeft ? -push : push);
    }
}

namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>What stays the same in all pictures of one person.</summary>
internal sealed record Patient
{
    public required int Number { get; init; }
    public required bool Female { get; init; }
    public required int Age { get; init; }

    /// <summary>Width of the chest beside the usual one.</summary>
    public required double Breadth { get; init; }

    /// <summary>Length of the lungs beside the usual one.</summary>
    public required double Length { get; init; }

    /// <summary>Soft tissue around the chest, 0 slim to 1 stout.</summary>
    public required double Stoutness { get; init; }

    /// <summary>Width of the heart beside the usual one.</summary>
    public required double Heart { get; init; }

    public required double BoneDensity { get; init; }

    /// <summary>The difference between two ribs and the next two is a person's own.</summary>
    public required double RibSpacing { get; init; }

    public static Patient Draw(int number, SeededRandom random) => new()
    {
        Number = number,
        Female = random.Chance(0.45),
        Age = 18 + random.Below(70),
        Breadth = random.Between(0.92, 1.08),
        Length = random.Between(0.90, 1.08),
        Stoutness = random.Unit() * random.Unit(),
        Heart = random.Between(0.85, 1.2),
        BoneDensity = random.Between(0.7, 1.25),
        RibSpacing = random.Between(0.128, 0.15),
    };
}

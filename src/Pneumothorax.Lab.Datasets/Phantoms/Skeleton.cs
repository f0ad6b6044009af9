namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>Spine, ribs, collarbones, shoulder blades and upper arms.</summary>
internal static class Skeleton
{
    public static void Draw(FloatImage plane, Rasterizer brush, Chest chest, SeededRandom random)
    {
        var density = chest.Patient.BoneDensity;
        Spine(plane, brush, density, random);
        foreach (var lung in chest.Lungs) Ribs(plane, brush, chest, lung, density, random);
        foreach (var mirror in (bool[])[false, true]) Shoulder(plane, brush, chest, mirror, density, random);
    }

    private static void Spine(FloatImage plane, Rasterizer brush, double density, SeededRandom random)
    {
        var lean = random.Between(-0.025, 0.025);
        double X(double y) => lean * PortableMath.Sin(2 * y);
        Vec[] line = [.. Enumerable.Range(0, 30).Select(i => -1.5 + 0.11 * i).Select(y => new Vec(X(y), y))];
        brush.Stroke(plane, line, _ => 0.082, _ => 0.14 * density, Profiles.Bone);
        for (var y = -1.3 + random.Between(0, 0.1); y < 1.5; y += 0.105 + 0.012 * (y + 1.3))
        {
            brush.Stroke(plane, [new(X(y) - 0.07, y), new(X(y) + 0.07, y)], 0.013, -0.09 * density, Profiles.Line);
            foreach (var side in (double[])[-0.045, 0.045])
                brush.Stroke(plane, [new(X(y) + side, y + 0.045), new(X(y) + side, y + 0.06)], 0.02, 0.07 * density, Profiles.Rod);
            brush.Stroke(plane, [new(X(y), y + 0.07), new(X(y), y + 0.1)], 0.014, 0.08 * density, Profiles.Rod);
        }
    }

    private static void Ribs(FloatImage plane, Rasterizer brush, Chest chest, Lung lung, double density, SeededRandom random)
    {
        var sign = lung.IsLeft ? 1 : -1;
        var steep = random.Between(0.85, 1.2) * (chest.Bedside ? 0.85 : 1.1);
        for (var rib = 0; rib < 11; rib++)
        {
            var y0 = (-0.80 + chest.Patient.RibSpacing * rib) * chest.Patient.Length + random.Between(-0.006, 0.006);
            var out0 = Math.Min(0.30 + 0.105 * rib, 0.74 + 0.012 * rib) * chest.Patient.Breadth + 0.025;
            if (rib == 0) out0 = 0.34;
            var drop = (0.07 + 0.026 * rib) * steep;
            var lift = 0.045 + 0.004 * rib;

            Vec[] back = [.. Enumerable.Range(0, 25).Select(i => i / 24.0).Select(t => new Vec(
                sign * (0.06 + (out0 - 0.06) * PortableMath.Sin(t * Math.PI / 2)),
                y0 - lift * PortableMath.Sin(Math.Min(t * 1.6, 1) * Math.PI) * (1 - 0.3 * t) + drop * t * t * (0.6 + 0.8 * t)))];
            var strength = (rib < 2 ? 0.12 : 0.16) * density;
            brush.Stroke(plane, back, share => 0.024 + 0.004 * share, share => strength * (0.7 + 0.3 * PortableMath.Smooth(share * 3)), Profiles.Bone);

            if (rib is > 7 or 0) continue;
            // The front half comes round the wall and ends in cartilage, which the film does not show.
            var turn = back[^1];
            var inner = 0.24 + 0.035 * rib;
            var fall = (0.16 + 0.028 * rib) * steep;
            Vec[] front = [.. Enumerable.Range(0, 21).Select(i => i / 20.0).Select(t => new Vec(
                turn.X + sign * (inner - out0) * (t + 0.12 * PortableMath.Sin(t * Math.PI)) * 0.95 + sign * 0.012 * PortableMath.Sin(t * Math.PI),
                turn.Y + fall * (1 - (1 - t) * (1 - t))))];
            brush.Stroke(plane, front, share => 0.026 + 0.008 * share, share => 0.12 * density * PortableMath.Smooth((1 - share) * 3.2), Profiles.Bone);
        }
    }

    private static void Shoulder(FloatImage plane, Rasterizer brush, Chest chest, bool mirror, double density, SeededRandom random)
    {
        Vec At(double x, double y) => new Vec(x, y).MirroredIf(mirror);
        var height = random.Between(-0.05, 0.06) - (chest.Bedside ? 0.06 : 0);

        var clavicle = Curve.Through([At(0.075, -0.55 + height), At(0.25, -0.60 + height), At(0.48, -0.70 + height), At(0.70, -0.75 + height), At(0.86, -0.72 + height)]);
        brush.Stroke(plane, clavicle, share => 0.036 - 0.016 * PortableMath.Sin(share * Math.PI), share => 0.27 * density, Profiles.Bone);

        // At the bedside the shoulder blades lie over the lungs, at the wall stand the arms pull them aside.
        var inward = (chest.Bedside ? 0.60 : 0.74) + random.Between(-0.03, 0.06);
        Vec[] blade = Curve.Through([At(inward + 0.12, -0.70), At(inward, -0.55), At(inward + 0.03, -0.25), At(inward + 0.12, 0.02), At(inward + 0.17, 0.04), At(inward + 0.27, -0.25), At(inward + 0.33, -0.58)]);
        brush.Fill(plane, blade, 0.055 * density);
        brush.Stroke(plane, blade.AsSpan(5, 37), share => 0.012, share => 0.10 * density * PortableMath.Smooth(share * 4), Profiles.Rod);
        brush.Stroke(plane, Curve.Through([At(inward + 0.02, -0.50), At(inward + 0.18, -0.62), At(inward + 0.33, -0.69)]), 0.02, 0.10 * density, Profiles.Rod);

        var head = At(1.03, -0.58 + height * 0.5);
        var along = At(random.Between(1.04, 1.16), 0.4) - head;
        brush.Stroke(plane, [head, head + along * 0.02], 0.105, 0.2 * density, Profiles.Bone);
        brush.Stroke(plane, [head + along * 0.1, head + along], 0.06, 0.2 * density, Profiles.Bone);
    }
}

/// What parameters mean.
extension OperatorTexts {
    /// Parameters that name data and the tasks before.
    static let data: [String: String] = [
        "The guest's dataset.": "发起方的数据集。",
        "The host's dataset.": "数据方的数据集。",
        "The guest's aligned dataset.": "发起方对齐后的数据集。",
        "The hosts' datasets, in their order, separated by semicolons.": "各数据方的数据集，按数据方次序，用分号分隔。",
        "The hosts' aligned datasets, in their order, separated by semicolons.":
            "各数据方对齐后的数据集，按数据方次序，用分号分隔。",
        "The guest's dataset, such as `predict` leaves.": "发起方的数据集，例如 `predict` 产生的数据集。",
        "The guest's dataset with the scores, such as `predict.logistic` leaves; higher is better.":
            "发起方含评分的数据集，例如 `predict.logistic` 产生的数据集；评分越高越好。",
        "The guest's dataset with labels, of at least these rows.": "发起方含标签的数据集，至少包含上述各行。",
        "The guest's dataset of a second sample, for stability; empty for the rows that are not learnt from.":
            "发起方用于计算稳定性的第二个样本的数据集；留空则使用未参与训练的行。",
        "The same of the hosts, separated by semicolons.": "各数据方的相应内容，用分号分隔。",
        "The same of the hosts, which are separated by semicolons.": "各数据方的相应内容，数据方之间用分号分隔。",
        "The same of each host, separated by semicolons.": "每个数据方的相应内容，用分号分隔。",
        "The same of the host.": "数据方的相应内容。",
        "The guest's columns that make the id, in order, separated by commas.": "发起方构成标识的列，按次序，用逗号分隔。",
        "The host's columns that make the id, in the order of the guest's.": "数据方构成标识的列，次序与发起方一致。",
        "The columns that tell rows apart in both, separated by commas.": "在两个数据集中区分各行的列，用逗号分隔。",
        """
        How each key is made alike, one rule per column separated by commas: words of trim, nfc, fold, digits, \
        alphanumeric; or exact.
        """:
            "标识各列如何规整，每列一条规则，用逗号分隔：由 trim、nfc、fold、digits、alphanumeric 组合而成，或为 exact。",
        "How each key is made alike: those of the alignment.": "标识各列如何规整：与样本对齐时相同。",
        "Rows of the guest's dataset, which the host is told; 0 for those that it has when the job is planned.":
            "发起方数据集的行数，会告知数据方；0 表示制定任务计划时的实际行数。",
        "Rows of the host's dataset, which the guest is told; 0 for those that it has when the job is planned.":
            "数据方数据集的行数，会告知发起方；0 表示制定任务计划时的实际行数。",
        "Rows of the aligned datasets; 0 for those that the guest's has when the job is planned.":
            "对齐后数据集的行数；0 表示制定任务计划时发起方数据集的行数。",
        "With fewer common ids the task fails and leaves nothing.": "共同标识少于此数时，步骤失败且不留下任何结果。",
        "Who learns which ids are common: both, guest-only; or size-only: both learn how many, nobody which.":
            "谁得知哪些标识是共同的：both 为双方，guest-only 为仅发起方；size-only 则双方只得知数量，谁也不知道是哪些。",
        "The guest's column that is to be predicted.": "发起方待预测的列。",
        "The guest's column of labels: 1 for a bad account, 0 for a good one.": "发起方的标签列：1 为坏账户，0 为好账户。",
        "The column of labels: 1 for a bad account, 0 for a good one.": "标签列：1 为坏账户，0 为好账户。",
        "The guest's column of weights above zero; empty for none.": "发起方的权重列，取值大于零；留空表示无权重。",
        """
        The guest's features, separated by commas; empty for every column of numbers or dates that is nothing else.
        """:
            "发起方的变量，用逗号分隔；留空则使用所有未作他用的数值列或日期列。",
        "The guest's columns that were selected, separated by commas; empty for all that have bins.":
            "发起方入选的变量，用逗号分隔；留空则使用所有已分箱的变量。",
        "The guest's columns that are decided about, separated by commas; empty for all that were divided.":
            "发起方待筛选的变量，用逗号分隔；留空则为所有已分箱的变量。",
        "Most features of a host whose features are not named: what its messages have room for.":
            "未列明变量的数据方至多有多少变量：其消息按此预留空间。",
        "Columns of the guest that are written as they are beside its ids, separated by commas: its label.":
            "发起方随标识原样写出的列，用逗号分隔：如标签列。",
        "A column of the guest that is written beside the scores.": "发起方随评分一并写出的列。",
        """
        How many tenths of the rows are not learnt from: those whose id's SHA-256, its first 8 bytes modulo 10, is \
        among the highest.
        """:
            "十分之几的行不参与训练：取标识 SHA-256 的前 8 字节对 10 取模，模值最大的那些行。",
        "How many tenths of the rows are left out and measured: the same as of the training between sites.":
            "十分之几的行留出并用于评估：与跨站点训练留出的行相同。",
        "Which rows: all, those that the training learnt from, or those that it left out (`test`).":
            "哪些行：全部、参与训练的行，或训练留出的行 (`test`)。",
        "The column of probabilities or values.": "概率或数值所在的列。",
        "The column of what came about.": "实际结果所在的列。",
        "Their column.": "评分所在的列。",
        "The column of the score that is used today; empty for none.": "当前所用评分的列；留空表示没有。",
        "A column of dates, or of texts that begin as 2026-03; empty for none.":
            "日期列，或以 2026-03 这种形式开头的文本列；留空表示没有。",
        "The last month of those that others are compared with, as 2026-03; empty for the first alone.":
            "作为比较基准的最后一个月，形如 2026-03；留空则仅以第一个月为基准。",
        "The training whose model it is: a task of this job, or JOB/TASK of an earlier one.":
            "模型来自哪个训练：本任务的某个步骤，或先前任务的 JOB/TASK。",
        "The training whose model it is: JOB/TASK of an earlier job, or NAME:VERSION.":
            "模型来自哪个训练：先前任务的 JOB/TASK，或 NAME:VERSION。",
        "The task `train.logistic` whose regression it is: of this job, or JOB/TASK of an earlier one.":
            "回归模型来自哪个 `train.logistic` 步骤：本任务的步骤，或先前任务的 JOB/TASK。",
        "The task `train.logistic` that learnt from them.": "用这些变量训练的 `train.logistic` 步骤。",
        "The task `bin` whose bins are used: a task of this job, or JOB/TASK of an earlier one; empty to cut them now.":
            "使用哪个 `bin` 步骤的分箱：本任务的步骤，或先前任务的 JOB/TASK；留空则现在分箱。",
        "The task `woe` whose bins and weights are looked at: of this job, or JOB/TASK of an earlier one.":
            "依据哪个 `woe` 步骤的分箱和证据权重：本任务的步骤，或先前任务的 JOB/TASK。",
        "The task `woe` whose weights of evidence are learnt from: of this job, or JOB/TASK of an earlier one.":
            "用哪个 `woe` 步骤的证据权重训练：本任务的步骤，或先前任务的 JOB/TASK。",
        "The task `woe` whose weights are used: a task of this job, or JOB/TASK of an earlier one.":
            "使用哪个 `woe` 步骤的证据权重：本任务的步骤，或先前任务的 JOB/TASK。",
        "The task `select` or `select.signs` whose columns alone are used; empty for all.":
            "只使用哪个 `select` 或 `select.signs` 步骤所保留的变量；留空则使用全部。",
        "The task `select` or `select.signs` whose columns were learnt from.":
            "训练所用变量来自哪个 `select` 或 `select.signs` 步骤。",
        "The name under which every party keeps its part as a new version; the job's name when empty.":
            "各方将自己的模型部分存为新版本时所用的名称；留空则用任务名称。",
    ]

    /// Parameters that say how it is done.
    static let settings: [String: String] = [
        "What is predicted: the probability of label 1, or a number by least squares.":
            "预测什么：标签为 1 的概率，或用最小二乘法预测数值。",
        "What is predicted: the probability of label 1, or a number.": "预测什么：标签为 1 的概率，或数值。",
        "Most trees.": "树的最多数量。",
        "Most splits from a root to a leaf.": "从根到叶子至多经过的分裂数。",
        "Part of a leaf's best value that is added.": "叶子最优值中实际加入的比例。",
        "Most bins of a column, by quantiles.": "每个变量的最多箱数，按分位数分箱。",
        "Most bins of a column.": "每个变量的最多箱数。",
        "Fewest rows of a bin.": "每箱最少行数。",
        "L1 regularisation of leaves.": "叶子的 L1 正则化。",
        "L2 regularisation of leaves.": "叶子的 L2 正则化。",
        "A split must gain more.": "分裂的增益必须大于此值。",
        "Fewest second derivatives of a child, as a sum.": "子节点二阶导数之和的最小值。",
        "Bits after the point of a gradient.": "梯度小数点后的比特数。",
        "Share of the rows that a tree learns from.": "每棵树所用行的比例。",
        "Share of each party's columns that a tree uses.": "每棵树所用各方变量的比例。",
        "Of sampling and validation.": "用于抽样和划分验证集。",
        "Share of the rows on which the loss is measured after each tree, and that trees do not learn from.":
            "每棵树之后用于计算损失、且不参与训练的行的比例。",
        "Training ends when so many trees brought no lower loss on the validation rows; 0 for never.":
            "连续这么多棵树都未降低验证集损失时，训练结束；0 表示从不提前结束。",
        "Sums of hosts' columns are of no rows or at least this many; 0 for no limit.":
            "数据方变量的每个和涉及零行，或至少这么多行；0 表示不限。",
        "Whether hosts have no part in the first tree, whose gradients are those of the labels themselves.":
            "数据方是否不参与第一棵树；第一棵树的梯度就是标签本身的梯度。",
        "Training fails when the rows of one tree's nodes separate the labels with a higher AUC; 1 for no bound.":
            "若一棵树各节点的行区分标签的 AUC 高于此值，训练失败；1 表示不限。",
        "Bits of the Paillier modulus: 3072 between institutions, 2048 within a group.":
            "Paillier 模数的位数：不同机构之间用 3072，集团内部用 2048。",
        "Whether other programs may share the processors: shared reads tables in constant time.":
            "其他程序是否可能共用处理器：shared 以恒定时间读取表。",
        """
        path asks hosts for the nodes that rows come to, in one round for each level; bits has hosts tell the side of \
        every row in every node of theirs, in one round.
        """:
            "path 只向数据方询问各行到达的节点，每层一轮；bits 由数据方给出每行在其每个节点处的去向，只需一轮。",
        "Points that double the odds.": "使好坏比翻倍的分数。",
        "The score at the odds.": "对应该好坏比的评分。",
        "Goods per bad at the base.": "基准评分处每个坏账户对应的好账户数。",
        "Digits behind the point that points are rounded to.": "分数舍入后保留的小数位数。",
        "Half of it times the squared coefficients is the penalty.": "惩罚项为此值的一半乘以系数的平方和。",
        "Most passes.": "最多迭代次数。",
        "Settled when no step of a host's coefficient times its column's deviation is longer.":
            "数据方各系数的步长乘以其变量的标准差都不大于此值时，视为收敛。",
        "Highest share of rows without a value.": "缺失值行的最高比例。",
        "Highest share of the fullest fine bin.": "行数最多的细分箱的最高比例。",
        "Lowest information value.": "最低信息值。",
        "Highest stability index between the samples.": "两个样本之间的最高稳定性指数。",
        "Highest correlation of weights with a column of the same party that is kept.":
            "与同一方已保留变量的证据权重之间的最高相关系数。",
        "Highest variance inflation among the party's columns that are kept.": "同一方所保留变量中的最高方差膨胀因子。",
        "Columns kept by hand: COLUMN: REASON; … as guest.NAME, host1.NAME.":
            "人工保留的变量：COLUMN: REASON; …，变量写作 guest.NAME、host1.NAME。",
        "Columns dropped by hand, in the same form.": "人工剔除的变量，写法相同。",
        "Most fine bins of a column when it is divided for the first time, special and missing values apart.":
            "变量首次分箱时的最多细分箱数，特殊值和缺失值另计。",
        "How fine bins are made at first: of about equally many rows, or equally wide. Later they stay.":
            "首次如何划分细分箱：行数大致相等，或宽度相等。此后保持不变。",
        """
        Edges of fine bins by hand: COLUMN: 25 35.5 60; … with the values at which they begin; 200 rows or more in \
        each; columns that the plan names, as guest.NAME, host1.NAME.
        """:
            "人工给出细分箱的边界：COLUMN: 25 35.5 60; …，数值为各细分箱的起点；每箱不少于 200 行；"
            + "变量须在计划中列明，写作 guest.NAME、host1.NAME。",
        "Values with a bin of their own in every column, rising, separated by commas.":
            "在每个变量中单独成箱的特殊值，按升序，用逗号分隔。",
        """
        How fine bins are put together: the highest information value, the least difference first, or equally many rows.
        """:
            "如何合并细分箱：信息值最高、差异最小者优先，或行数相等。",
        "optimal: how bad rates may go from bin to bin.": "optimal：坏样本率在各箱之间可以如何变化。",
        "chiMerge: neighbours that differ by less are merged (one degree of freedom).":
            "chiMerge：相邻两箱的差异小于此值时合并（自由度为 1）。",
        """
        Bins by hand: COLUMN: 4 9 17; … with the fine bins at which bins begin; columns as guest.NAME, host1.NAME.
        """:
            "人工给出分箱：COLUMN: 4 9 17; …，数字为各箱开始的细分箱；变量写作 guest.NAME、host1.NAME。",
        "Whether its higher values are worse.": "该评分是否越高风险越大。",
        "Share of the rows that both scores approve where they are held against each other.":
            "比较两个评分时，各自批准的行的比例。",
        "Cut-offs.": "阈值的个数。",
        "Round trips per pair of sites.": "每对站点的往返次数。",
        "Frames that measure bandwidth, each way.": "每个方向用于测量带宽的帧数。",
        "Size of a frame that measures bandwidth, in bytes.": "用于测量带宽的帧的大小，单位为字节。",
        "Size of the frame that must pass whole, in bytes.": "必须完整通过的帧的大小，单位为字节。",
        "How long to measure arithmetic and encryption, in seconds; 0 to leave it out.":
            "测量算术和加密运算的时长，单位为秒；0 表示不测量。",
        "How much to write and read in the scratch folder, in MiB; 0 to leave it out.":
            "在临时文件夹中写入和读取的数据量，单位为 MiB；0 表示不测量。",
    ]
}

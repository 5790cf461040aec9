//! The catalogue itself: one table, three facts a code.
//!
//! Codes are never renamed or removed once released, since programs outside match on them; new ones are added at the end
//! of their section. The messages carry no numbers: those travel beside the code as data of their own.

use super::ErrorClass;
use crate::codes::Lang;

/// Declares the codes, each with its class and its two messages.
macro_rules! error_codes {
    ($( $variant:ident = $code:literal, $class:ident, $zh:literal, $en:literal; )+) => {
        /// A stable code under which the product refuses or fails.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum ErrorCode {
            $( #[doc = concat!($en, ".")] #[serde(rename = $code)] $variant, )+
        }

        impl ErrorCode {
            /// The code as it stands in `extensions.code`, in refusals and in reports.
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            /// What kind of answer it is.
            pub const fn class(self) -> ErrorClass {
                match self { $( Self::$variant => ErrorClass::$class, )+ }
            }

            /// The message for people, a sentence without its full stop.
            pub const fn message(self, lang: Lang) -> &'static str {
                match self { $( Self::$variant => lang.pick($zh, $en), )+ }
            }

            /// Every code, in the order of the catalogue.
            pub const fn all() -> &'static [Self] {
                &[ $( Self::$variant, )+ ]
            }
        }

        impl std::str::FromStr for ErrorCode {
            type Err = crate::codes::CodeUnknown;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $( $code => Ok(Self::$variant), )+
                    _ => Err(crate::codes::CodeUnknown {
                        list: "ERROR_CODE",
                        found: crate::codes::labelled::clipped(text),
                        allowed: &[ $( $code, )+ ],
                    }),
                }
            }
        }
    };
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl ErrorCode {
    /// The message with the facts of the case, each a name and a value with its unit: `message (name: value; ...)`.
    pub fn message_with(self, lang: Lang, facts: &[(&str, &str)]) -> String {
        let message = self.message(lang);
        if facts.is_empty() {
            return message.to_owned();
        }
        let (colon, next) = (lang.pick("：", ": "), lang.pick("；", "; "));
        let facts: Vec<String> = facts.iter().map(|(name, value)| format!("{name}{colon}{value}")).collect();
        let (open, close) = (lang.pick("（", " ("), lang.pick("）", ")"));
        format!("{message}{open}{}{close}", facts.join(next))
    }
}

error_codes! {
    // What was sent.
    Validation = "VALIDATION", Malformed,
        "输入内容不符合要求", "The input does not meet the requirements";
    FieldRequired = "FIELD_REQUIRED", Malformed,
        "缺少必填字段", "A required field is missing";
    ValueNotInList = "VALUE_NOT_IN_LIST", Malformed,
        "取值不在代码表中", "The value is not in its code list";
    NumberInvalid = "NUMBER_INVALID", Malformed,
        "数字无法识别、精度过高或超出范围", "The number cannot be read, is too precise or out of range";
    DateInvalid = "DATE_INVALID", Malformed,
        "日期无法识别或超出范围", "The date cannot be read or is out of range";
    TimeInvalid = "TIME_INVALID", Malformed,
        "时间无法识别或超出范围", "The time cannot be read or is out of range";
    IdInvalid = "ID_INVALID", Malformed,
        "标识格式错误", "The id is malformed";
    TextTooLong = "TEXT_TOO_LONG", Malformed,
        "文本过长", "The text is too long";
    TextInvalid = "TEXT_INVALID", Malformed,
        "文本含有不允许的字符", "The text holds characters that are not allowed";
    ListTooLong = "LIST_TOO_LONG", Malformed,
        "列表项过多", "The list has too many elements";
    ListEmpty = "LIST_EMPTY", Malformed,
        "列表不能为空", "The list must not be empty";
    JsonInvalid = "JSON_INVALID", Malformed,
        "JSON 无法解析", "The JSON cannot be parsed";
    QueryInvalid = "QUERY_INVALID", Malformed,
        "查询不符合接口定义", "The query does not fit the schema";
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND", Malformed,
        "未找到该摘要对应的查询，请连同查询一并发送", "No query was left here under this digest; send it along";
    DocumentUnknown = "DOCUMENT_UNKNOWN", Malformed,
        "未知的受信查询文档", "No trusted document has this name";
    DocumentUntrusted = "DOCUMENT_UNTRUSTED", Authority,
        "仅接受受信查询文档", "Only documents that are trusted here are answered";
    QueryTooComplex = "QUERY_TOO_COMPLEX", Malformed,
        "查询过深或过于复杂", "The query is too deep or too complex";
    BodyTooLarge = "BODY_TOO_LARGE", Malformed,
        "请求体过大", "The request body is too large";
    BodyIncomplete = "BODY_INCOMPLETE", Malformed,
        "请求体未完整送达", "The request body did not arrive in full";
    BatchNotTaken = "BATCH_NOT_TAKEN", Malformed,
        "不接受批量请求，请逐个发送", "Lists of requests are not taken; send them one by one";
    HttpMethodNotAllowed = "HTTP_METHOD_NOT_ALLOWED", Malformed,
        "此地址不接受该请求方法", "The method is not allowed here";
    MediaTypeUnsupported = "MEDIA_TYPE_UNSUPPORTED", Malformed,
        "请求体须为 UTF-8 编码的 application/json", "The body must be application/json in UTF-8";
    NotAcceptable = "NOT_ACCEPTABLE", Malformed,
        "无法以所要求的媒体类型作答", "The answer is not given in a media type that was asked for";
    PreflightRequired = "PREFLIGHT_REQUIRED", Malformed,
        "无凭证的 GET 请求须带 Yulin-Preflight 请求头", "A GET without a key must carry the header Yulin-Preflight";
    RouteUnknown = "ROUTE_UNKNOWN", Malformed,
        "此地址没有内容", "There is nothing at this address";
    PageSize = "PAGE_SIZE", Malformed,
        "分页大小超出范围", "The page size is out of range";
    FilterInvalid = "FILTER_INVALID", Malformed,
        "筛选条件互相矛盾或不完整", "The filter contradicts itself or is incomplete";
    MinShareRequired = "MIN_SHARE_REQUIRED", Malformed,
        "按面积占比筛选须给出最小占比", "A filter by share of area needs a minimum share";
    CursorInvalid = "CURSOR_INVALID", Malformed,
        "分页游标无效", "The cursor is not valid";
    AsOfInvalid = "AS_OF_INVALID", Malformed,
        "查询时点无效，或早于首次登记", "The point in time is not valid, or lies before the first entry";
    AsOfBeyondHead = "AS_OF_BEYOND_HEAD", Refused,
        "查询时点晚于最新登记", "The point in time lies beyond the newest entry";
    // Who asks.
    Unauthenticated = "UNAUTHENTICATED", Authority,
        "未提供有效凭证", "No valid credential was given";
    Forbidden = "FORBIDDEN", Authority,
        "无权进行此操作或读取此字段", "The action or field is not permitted";
    FourEyes = "FOUR_EYES", Authority,
        "须由提出人以外的人批准", "Someone other than the proposer must approve";
    // Acts and the journal.
    NotFound = "NOT_FOUND", Refused,
        "对象不存在", "The object does not exist";
    State = "STATE", Refused,
        "对象当前状态不允许此操作", "The object's present state does not allow this";
    NothingChanges = "NOTHING_CHANGES", Refused,
        "登记内容没有变化", "The act would change nothing";
    LaterFacts = "LATER_FACTS", Refused,
        "对象已有更晚生效的登记", "Facts that begin later are known of the object";
    NotSchedulable = "NOT_SCHEDULABLE", Refused,
        "此类登记不能预约生效", "This kind of act cannot be scheduled";
    RoleNotGranted = "ROLE_NOT_GRANTED", Authority,
        "未被授予该角色", "The principal is not granted the role in which it acts";
    ShareNotHeld = "SHARE_NOT_HELD", Refused,
        "转让方不持有该份额", "The giver does not hold the share";
    PersonalDataOpen = "PERSONAL_DATA_OPEN", Refused,
        "自然人姓名须作为个人信息提交", "A natural person's name must be given as personal data";
    Conflict = "CONFLICT", Conflict,
        "所依据的版本之后已有变更", "The object was changed after the version the act was based on";
    IdReused = "ID_REUSED", Conflict,
        "同一登记标识已用于其他内容", "The act id was used before with other content";
    ReasonRequired = "REASON_REQUIRED", Malformed,
        "须说明理由", "A reason is required";
    LegalBasisRequired = "LEGAL_BASIS_REQUIRED", Malformed,
        "须说明法律依据", "A legal basis is required";
    DeadlinePassed = "DEADLINE_PASSED", Refused,
        "已超过时限", "The deadline has passed";
    EffectiveInFuture = "EFFECTIVE_IN_FUTURE", Refused,
        "生效时间不得晚于登记时间", "The effective date may not lie after the recording";
    EffectiveTooEarly = "EFFECTIVE_TOO_EARLY", Refused,
        "生效时间早于对象存在的时间，或早于 1900 年", "The effective date lies before the object existed, or before 1900";
    TooLarge = "TOO_LARGE", Refused,
        "登记内容超过规定上限", "The act exceeds a named maximum";
    BundleInvalid = "BUNDLE_INVALID", Malformed,
        "组合登记为空、嵌套或过多", "The bundle is empty, nested or too long";
    NotRescindable = "NOT_RESCINDABLE", Refused,
        "此类登记不能撤销", "Acts of this kind cannot be rescinded";
    RescindedAlready = "RESCINDED_ALREADY", Refused,
        "该登记已被撤销", "The act has already been rescinded";
    HasDependents = "HAS_DEPENDENTS", Refused,
        "其他登记依赖于此", "Other acts depend on this one";
    Frozen = "FROZEN", Refused,
        "对象已被冻结", "The object is frozen";
    PersonalDataMisplaced = "PERSONAL_DATA_MISPLACED", Refused,
        "个人信息不得写入登记簿", "Personal data may not stand in an entry";
    // The registry itself.
    Busy = "BUSY", Busy,
        "请求过多，请稍后重试；登记须用同一标识", "Too much is asked at once; try again later, an act with the same id";
    RateLimited = "RATE_LIMITED", Busy,
        "短时间内请求过多，请稍后重试", "Too much was asked in too short a time; come back later";
    Timeout = "TIMEOUT", Busy,
        "处理超时，请缩小范围或稍后重试", "The request took too long; ask for less or try again";
    NotReady = "NOT_READY", Busy,
        "系统尚未就绪", "The registry is not ready";
    OutcomeUnknown = "OUTCOME_UNKNOWN", Fault,
        "结果未知，请用同一标识重试", "The outcome is not known; try again with the same id";
    Internal = "INTERNAL", Fault,
        "系统内部错误", "Internal fault";
    StoredDataCorrupt = "STORED_DATA_CORRUPT", Fault,
        "存储的数据不一致", "Stored data are not consistent";
    FormatUnreadable = "FORMAT_UNREADABLE", Fault,
        "登记簿格式高于本程序所能读取的版本", "The journal holds a format this program cannot read";
    ClockSkew = "CLOCK_SKEW", Fault,
        "主机与数据库时钟相差过大", "The clocks of host and database differ too much";
    // Districts and parties.
    DistrictUnknown = "DISTRICT_UNKNOWN", Refused,
        "辖区不存在", "The district does not exist";
    DistrictCodeFormat = "DISTRICT_CODE_FORMAT", Refused,
        "采用国标代码的辖区（或其上级）须以六位行政区划代码为代码",
        "A district of national codes, or one above it, bears the six digits of its division";
    PartyUnknown = "PARTY_UNKNOWN", Refused,
        "主体不存在", "The party does not exist";
    CreditCodeFormat = "CREDIT_CODE_FORMAT", Malformed,
        "统一社会信用代码格式错误", "The unified social credit code is malformed";
    CreditCodeCheck = "CREDIT_CODE_CHECK", Malformed,
        "统一社会信用代码校验码错误", "The check character of the unified social credit code is wrong";
    CalendarUnknown = "CALENDAR_UNKNOWN", Refused,
        "工作日历尚未设定", "The working calendar is not set";
    CalendarInvalid = "CALENDAR_INVALID", Malformed,
        "工作日历自相矛盾或不完整", "The working calendar contradicts itself or is incomplete";
    CalendarNotCovered = "CALENDAR_NOT_COVERED", Refused,
        "工作日历未包含该日期，不作推测", "The working calendar does not cover the date, and nothing is guessed";
    // Codes.
    CodeRequired = "CODE_REQUIRED", Refused,
        "已登记宗地须有宗地代码", "A registered parcel needs a parcel code";
    LotNumberRequired = "LOT_NUMBER_REQUIRED", Refused,
        "规划地块须有地块编号", "A planned lot needs a lot number";
    CodeFormat = "CODE_FORMAT", Malformed,
        "宗地代码格式错误", "The parcel code is malformed";
    CodeCounty = "CODE_COUNTY", Refused,
        "宗地代码不属于本县（市、区）", "The parcel code is of another county";
    CodeCombo = "CODE_COMBO", Refused,
        "宗地代码的所有权与宗地特征码不能并用", "Ownership and type letters of the parcel code exclude each other";
    CodeDuplicate = "CODE_DUPLICATE", Refused,
        "代码已被使用", "The code is in use";
    UnitCodeFormat = "UNIT_CODE_FORMAT", Malformed,
        "不动产单元代码格式错误", "The unit code is malformed";
    UnitCodeMismatch = "UNIT_CODE_MISMATCH", Refused,
        "不动产单元代码与宗地代码不一致", "The unit code does not belong to the parcel code";
    LandUseUnknown = "LAND_USE_UNKNOWN", Malformed,
        "用地分类代码不存在", "The land-use class does not exist";
    UseSchemeMismatch = "USE_SCHEME_MISMATCH", Refused,
        "用地分类标准不一致", "The land-use classes are of different schemes";
    // Geometry.
    GeometryMalformed = "GEOMETRY_MALFORMED", Malformed,
        "图形无法解析", "The geometry cannot be read";
    GeometryRequired = "GEOMETRY_REQUIRED", Malformed,
        "缺少图形", "A geometry is required";
    GeometryEmpty = "GEOMETRY_EMPTY", Malformed,
        "图形为空", "The geometry is empty";
    GeometryType = "GEOMETRY_TYPE", Malformed,
        "图形类型不符合要求", "The geometry is not of the type required";
    GeometryUnsupported = "GEOMETRY_UNSUPPORTED", Malformed,
        "不支持的图形（如曲线）", "The geometry is of a kind that is not supported, such as curves";
    GeometryNotFinite = "GEOMETRY_NOT_FINITE", Malformed,
        "坐标不是有限数", "A coordinate is not a finite number";
    CoordinateOutOfRange = "COORDINATE_OUT_OF_RANGE", Malformed,
        "坐标超出坐标系范围", "A coordinate lies outside the range of the coordinate system";
    TooManyVertices = "TOO_MANY_VERTICES", Malformed,
        "顶点过多", "The geometry has too many vertices";
    TooManyRings = "TOO_MANY_RINGS", Malformed,
        "环过多", "The geometry has too many rings";
    GeometryTooLarge = "GEOMETRY_TOO_LARGE", Malformed,
        "图形数据过大", "The geometry has too many bytes";
    GeometryTooComplex = "GEOMETRY_TOO_COMPLEX", Malformed,
        "图形过于复杂", "The geometry is too intricate to be checked";
    LineTooShort = "LINE_TOO_SHORT", Malformed,
        "线不足两个不同的点", "A line has fewer than two different points";
    RingTooShort = "RING_TOO_SHORT", Malformed,
        "环的顶点不足", "A ring has too few vertices";
    RingNotClosed = "RING_NOT_CLOSED", Malformed,
        "环未闭合", "A ring is not closed";
    RingSelfIntersection = "RING_SELF_INTERSECTION", Malformed,
        "环自相交", "A ring crosses itself";
    RingSpike = "RING_SPIKE", Malformed,
        "环有尖刺或重复顶点", "A ring has a spike or a repeated vertex";
    RingSelfTouch = "RING_SELF_TOUCH", Malformed,
        "环与自身相接", "A ring touches itself";
    RingsCross = "RINGS_CROSS", Malformed,
        "环相互交叉", "Rings cross";
    RingsShareEdge = "RINGS_SHARE_EDGE", Malformed,
        "环有公共边", "Rings share an edge";
    HolesOverlap = "HOLES_OVERLAP", Malformed,
        "内环相互重叠", "Holes overlap";
    HoleOutside = "HOLE_OUTSIDE", Malformed,
        "洞不在外环之内", "A hole does not lie within its outer ring";
    PartsOverlap = "PARTS_OVERLAP", Malformed,
        "各部分相互重叠", "Parts overlap";
    PartsShareEdge = "PARTS_SHARE_EDGE", Malformed,
        "各部分有公共边", "Parts share an edge";
    InteriorDisconnected = "INTERIOR_DISCONNECTED", Malformed,
        "内部不连通", "The interior is not connected";
    VertexSpacing = "VERTEX_SPACING", Refused,
        "顶点间距过小", "Vertices lie too close together";
    AreaTooSmall = "AREA_TOO_SMALL", Refused,
        "面积过小", "The area is too small";
    CrsUnknown = "CRS_UNKNOWN", Malformed,
        "坐标系无法识别", "The coordinate system is not known";
    CrsMissing = "CRS_MISSING", Malformed,
        "未给出坐标系", "The coordinate system is missing";
    CrsSuspect = "CRS_SUSPECT", Refused,
        "坐标与所称坐标系不符", "The coordinates do not fit the coordinate system stated";
    CrsObfuscated = "CRS_OBFUSCATED", Refused,
        "不接受加偏坐标（GCJ-02、BD-09）", "Shifted coordinates (GCJ-02, BD-09) are not accepted";
    CrsMismatch = "CRS_MISMATCH", Malformed,
        "图形与文件的坐标系不一致", "The geometry states another coordinate system than its file";
    CrsNoTransformation = "CRS_NO_TRANSFORMATION", Refused,
        "没有可用的坐标转换", "There is no transformation between the coordinate systems";
    CrsNotAGrid = "CRS_NOT_A_GRID", Malformed,
        "坐标系不是以米为单位的平面坐标系", "The reference system is not a grid in metres";
    // Parcels.
    AreaMismatch = "AREA_MISMATCH", Refused,
        "面积之差超过限差", "The areas differ beyond the tolerance";
    AreaInvalid = "AREA_INVALID", Malformed,
        "面积须为正数且精确到 0.0001 平方米", "An area is positive and exact to 0.0001 m²";
    AreaZero = "AREA_ZERO", Malformed,
        "面积为零", "The area is zero";
    ParcelOverlap = "PARCEL_OVERLAP", Refused,
        "与其他宗地重叠", "The parcel overlaps others";
    TooManyNeighbours = "TOO_MANY_NEIGHBOURS", Refused,
        "相邻宗地过多", "The parcel has too many neighbours";
    Retired = "RETIRED", Refused,
        "宗地已注销", "The parcel is retired";
    SplitTooFew = "SPLIT_TOO_FEW", Malformed,
        "分割后须至少两宗", "A split needs at least two pieces";
    SplitMismatch = "SPLIT_MISMATCH", Refused,
        "分割后各宗合并与原宗地不符", "The pieces do not make up the parcel";
    MergeTooFew = "MERGE_TOO_FEW", Malformed,
        "合并须至少两宗", "A merger needs at least two parcels";
    MergeMismatch = "MERGE_MISMATCH", Refused,
        "合并后宗地与原各宗不符", "The merged parcel is not made up of the parcels";
    MergeUnlike = "MERGE_UNLIKE", Refused,
        "各宗地权属、用途或空间层不同，不能合并", "Parcels of unlike ownership, right or layer cannot be merged";
    RightsNotCarried = "RIGHTS_NOT_CARRIED", Refused,
        "有权利或限制既未转入也未终止", "A right or restriction is neither carried over nor ended";
    OwnershipMismatch = "OWNERSHIP_MISMATCH", Refused,
        "所有权性质与宗地代码或权利类型不符", "Ownership does not agree with the parcel code or the type of right";
    LayerMismatch = "LAYER_MISMATCH", Refused,
        "空间层与宗地代码不符", "The layer does not agree with the parcel code";
    PlanningRange = "PLANNING_RANGE", Malformed,
        "规划指标的下限高于上限", "A planning limit has its lower bound above its upper one";
    PriceInvalid = "PRICE_INVALID", Malformed,
        "价格或金额不得为负，且须精确到分", "A price or an amount is not negative and exact to the fen";
    BelowFloorPrice = "BELOW_FLOOR_PRICE", Refused,
        "价格低于最低价标准", "The price is below the floor";
    InefficiencyReasonRequired = "INEFFICIENCY_REASON_REQUIRED", Refused,
        "认定低效须说明原因", "Inefficient land needs a reason";
    // Rights.
    RightOverlap = "RIGHT_OVERLAP", Refused,
        "与现有权利冲突", "The right overlaps another";
    ShareInvalid = "SHARE_INVALID", Malformed,
        "份额须为零与一之间的分数", "A share is a fraction above zero and at most one";
    SharesNotOne = "SHARES_NOT_ONE", Refused,
        "份额之和须为一", "The shares must sum to one";
    HolderDuplicate = "HOLDER_DUPLICATE", Refused,
        "同一权利人重复出现", "A holder is named twice";
    TermRequired = "TERM_REQUIRED", Refused,
        "除划拨外须有期限", "A term is required except for allocation";
    TermInvalid = "TERM_INVALID", Malformed,
        "期限的终止早于起始", "The term ends before it begins";
    TermExceedsMax = "TERM_EXCEEDS_MAX", Refused,
        "期限超过法定最高年限", "The term exceeds the legal maximum";
    MethodNotAllowed = "METHOD_NOT_ALLOWED", Refused,
        "该用途不得采用此供地方式", "The method of supply is not allowed for this use";
    // Files.
    FileUnreadable = "FILE_UNREADABLE", Malformed,
        "文件无法读取", "The file cannot be read";
    FileTooLarge = "FILE_TOO_LARGE", Malformed,
        "文件过大", "The file is too large";
    FileMalformed = "FILE_MALFORMED", Malformed,
        "文件内容损坏", "The file is not well formed";
    FilePartMissing = "FILE_PART_MISSING", Malformed,
        "文件不完整，缺少组成部分", "A part of the file is missing";
    ArchiveTooLarge = "ARCHIVE_TOO_LARGE", Malformed,
        "压缩包解压后过大", "The archive inflates to too many bytes";
    ArchiveTooManyMembers = "ARCHIVE_TOO_MANY_MEMBERS", Malformed,
        "压缩包文件过多", "The archive has too many members";
    LimitExceeded = "LIMIT_EXCEEDED", Malformed,
        "超过规定上限", "A named maximum is exceeded";
    FormatUnknown = "FORMAT_UNKNOWN", Malformed,
        "文件格式无法识别", "The file format is not known";
    LayerMissing = "LAYER_MISSING", Malformed,
        "文件没有含要素的图层", "The file has no layer with features";
    LayerUnknown = "LAYER_UNKNOWN", Malformed,
        "文件中没有该图层", "The file has no such layer";
    LayerAmbiguous = "LAYER_AMBIGUOUS", Malformed,
        "文件有多个图层，须指明", "The file has several layers; name one";
    HeaderMissing = "HEADER_MISSING", Malformed,
        "表格缺少表头", "The sheet has no header row";
    ColumnUnknown = "COLUMN_UNKNOWN", Malformed,
        "文件中没有所指字段", "The file has no such column";
    EncodingInvalid = "ENCODING_INVALID", Malformed,
        "文字编码错误", "The text encoding is wrong";
    EncodingUnsupported = "ENCODING_UNSUPPORTED", Malformed,
        "不支持的文字编码", "The text encoding is not supported";
    ExplodeUnsupported = "EXPLODE_UNSUPPORTED", Malformed,
        "此格式不能拆分为部分", "A file of this format cannot be exploded into parts";
    RecordCorrupt = "RECORD_CORRUPT", Malformed,
        "记录损坏", "The record is corrupt";
    RecordDeleted = "RECORD_DELETED", Malformed,
        "记录已标记删除", "The record is marked as deleted";
    Interrupted = "INTERRUPTED", Fault,
        "已中断，再次执行同一命令即可继续", "Interrupted; the same command goes on where this one stopped";
    DuplicateInFile = "DUPLICATE_IN_FILE", Refused,
        "文件内重复", "The file holds it twice";
    FileUnwritable = "FILE_UNWRITABLE", Refused,
        "文件无法写入", "The file cannot be written";
    // The factor ledger.
    UnitsInvalid = "UNITS_INVALID", Malformed,
        "数量须为基本单位的正整数，号段不得颠倒或重叠", "Amounts are whole base units above zero; ranges neither upside down nor twice";
    FactorUnknown = "FACTOR_UNKNOWN", Refused,
        "要素不存在", "The factor does not exist";
    AccountUnknown = "ACCOUNT_UNKNOWN", Refused,
        "账户不存在", "The account does not exist";
    SameAccount = "SAME_ACCOUNT", Refused,
        "转出与转入为同一账户", "Source and target are the same account";
    FactorMismatch = "FACTOR_MISMATCH", Refused,
        "账户所属要素不同", "The accounts are of different factors";
    EnergyBasis = "ENERGY_BASIS", Refused,
        "当量值与等价值不得相加或互转", "Quantities on different energy bases are never added";
    CeaLocalTransferForbidden = "CEA_LOCAL_TRANSFER_FORBIDDEN", Refused,
        "全国碳排放配额不得在本系统划转", "National allowances are never transferred here";
    MoveNotAllowed = "MOVE_NOT_ALLOWED", Refused,
        "不允许此类变动", "No rule allows this movement";
    VenueNotAuthorised = "VENUE_NOT_AUTHORISED", Refused,
        "交易平台未获授权", "The venue is not authorised for this account, factor or hold";
    HolderMismatch = "HOLDER_MISMATCH", Refused,
        "账户持有人不符合要求", "The holders of the accounts do not fit this movement";
    NotTradable = "NOT_TRADABLE", Refused,
        "该要素当前不可交易", "The factor is not tradable today";
    AccountStatus = "ACCOUNT_STATUS", Refused,
        "账户状态不允许", "The status of the account does not allow this";
    AccountBlocked = "ACCOUNT_BLOCKED", Refused,
        "账户对账不符，暂停交易", "Books differ about the account; it is not traded on until they agree";
    CounterpartyNotTrusted = "COUNTERPARTY_NOT_TRUSTED", Refused,
        "对方不在可信名单，或名单尚未生效", "The counterparty is not trusted, or not yet";
    Insufficient = "INSUFFICIENT", Refused,
        "可用数量不足", "Not enough is available";
    LotNotHeld = "LOT_NOT_HELD", Refused,
        "未持有所列号段，或其已被冻结", "These numbers are not held here, or are set aside";
    CapMissing = "CAP_MISSING", Refused,
        "该年度未设定总量上限", "No cap is set for the period";
    CapExceeded = "CAP_EXCEEDED", Refused,
        "超过年度总量上限", "The cap of the period would be exceeded";
    RightTerm = "RIGHT_TERM", Refused,
        "有效期或租期超出规定", "The validity or the lease is too long, or over";
    HoldResolved = "HOLD_RESOLVED", Refused,
        "冻结已了结", "The hold is resolved";
    HoldExpired = "HOLD_EXPIRED", Refused,
        "冻结已到期", "The hold has expired";
    HoldExceeded = "HOLD_EXCEEDED", Refused,
        "超过冻结余量", "More than is still set aside";
    HoldTarget = "HOLD_TARGET", Refused,
        "冻结只能交收至指定账户", "The hold may be settled to another account only";
    Suspended = "SUSPENDED", Refused,
        "冻结已被司法或监管措施中止", "The hold is suspended by a court or a supervisory body";
    LienPriority = "LIEN_PRIORITY", Refused,
        "该措施的顺位或机关不允许此操作", "The rank or the authority of the measure does not allow this";
    Pledged = "PLEDGED", Refused,
        "质押须经质权人同意解除", "A pledge is released by the pledgee";
    AccountNotEmpty = "ACCOUNT_NOT_EMPTY", Refused,
        "账户尚有余额", "The account is not empty";
    ReversedAlready = "REVERSED_ALREADY", Refused,
        "该划转已被冲正", "The transfer has been reversed";
    ReversalClosed = "REVERSAL_CLOSED", Refused,
        "已过冲正期限", "The time for reversal is over";
    OffsetShort = "OFFSET_SHORT", Refused,
        "抵消比例不得低于一比一", "The ratio of an offset is at least one";
    OffsetSourceUsed = "OFFSET_SOURCE_USED", Refused,
        "该削减来源已被使用", "The source of reduction has been used";
    CarryoverLimit = "CARRYOVER_LIMIT", Refused,
        "超过结转比例", "More than may be carried over";
    PeriodClosed = "PERIOD_CLOSED", Refused,
        "账期已关闭", "The period is closed";
    BankReferenceBooked = "BANK_REFERENCE_BOOKED", Refused,
        "该银行流水已入账", "This reference of the bank has been booked";
    UnitsEncumbered = "UNITS_ENCUMBERED", Refused,
        "随宗地的指标尚有冻结或质押", "Quotas bound to the parcel are set aside or pledged";
    ApportionSum = "APPORTION_SUM", Refused,
        "分配数量之和与余额不符", "The stated amounts do not sum to what lies on the account";
    // The feed and its webhooks.
    FeedChanged = "FEED_CHANGED", Conflict,
        "所订阅的内容已变：凭证、角色、可见范围或筛选条件不再相同",
        "What was followed has changed: key, role, what may be seen, or filter is no longer the same";
    WebhookGone = "WEBHOOK_GONE", Refused,
        "推送目标已声明不再接收", "The receiver has said that it wants no more events";
    WebhookAddress = "WEBHOOK_ADDRESS", Refused,
        "此地址不能作为推送目标", "The address is not one to which events are delivered";
}
